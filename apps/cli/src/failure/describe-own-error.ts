import type { StorageErrorCode } from '@holdfast/ports';
import type { FailureDescription } from './describe-failure.ts';
import { isMarked } from './is-marked.ts';

interface StorageErrorFacts extends Error {
  readonly code: StorageErrorCode;
  readonly operation: string;
  readonly backend: string;
  readonly key?: string;
  readonly attempts: number;
  readonly retry: string;
  readonly hint?: string;
}

interface FormatErrorFacts extends Error {
  readonly format: string;
  readonly offset: number;
  readonly reason: string;
  readonly hint?: string;
  readonly path?: string;
}

interface ConfigurationErrorFacts extends Error {
  readonly issues: readonly unknown[];
}

/** Tells what an error of Holdfast's packages means; `undefined` for any other. */
export function describeOwnError(error: unknown): FailureDescription | undefined {
  if (isMarked(error, 'storage-error')) return describeStorageError(error as StorageErrorFacts);
  if (isMarked(error, 'format-error')) return describeFormatError(error as FormatErrorFacts);
  if (isMarked(error, 'configuration-error'))
    return describeConfigurationError(error as ConfigurationErrorFacts);
  return undefined;
}

function describeStorageError(error: StorageErrorFacts): FailureDescription {
  const { code, message, operation, backend, key, attempts, retry } = error;
  const hint = error.hint ?? (retry === 'never' ? undefined : 'Try again in a while.');
  const unexpected = code === 'unexpected' ? 'Please report it, with what --verbose prints.' : undefined;
  return { code, message, hint: hint ?? unexpected, details: { operation, backend, key, attempts, retry } };
}

function describeFormatError(error: FormatErrorFacts): FailureDescription {
  const { format, offset, reason, path } = error;
  return {
    code: 'invalid-format',
    message: `${error.message}.`,
    hint: 'Get the file again; --format binary stores it as it is.',
    details: { format, offset, reason, path },
  };
}

function describeConfigurationError({ message, issues }: ConfigurationErrorFacts): FailureDescription {
  const hint = 'Correct it there. Every field is in the schema: holdfast config schema';
  return { code: 'invalid-configuration', message, hint, details: { issues } };
}
