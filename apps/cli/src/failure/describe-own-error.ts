import type { ConfigurationError } from '@holdfast/composition';
import type { FormatError } from '@holdfast/formats';
import type { StorageError } from '@holdfast/ports';
import type { FailureDescription } from './failure-description.ts';
import { isMarked } from './is-marked.ts';

/** Tells what an error of Holdfast's packages means; `undefined` for any other. */
export function describeOwnError(error: unknown): FailureDescription | undefined {
  if (isMarked(error, 'storage-error')) return describeStorageError(error as StorageError);
  if (isMarked(error, 'format-error')) return describeFormatError(error as FormatError);
  if (isMarked(error, 'configuration-error')) return describeConfigurationError(error as ConfigurationError);
  return undefined;
}

function describeStorageError(error: StorageError): FailureDescription {
  const { code, message, operation, backend, key, attempts, retry } = error;
  const hint = error.hint ?? (retry === 'never' ? undefined : 'Try again in a while.');
  const unexpected = code === 'unexpected' ? 'Please report it, with what --verbose prints.' : undefined;
  return { code, message, hint: hint ?? unexpected, details: { operation, backend, key, attempts, retry } };
}

function describeFormatError(error: FormatError): FailureDescription {
  const { message, format, offset, reason, path, isUnsupported } = error;
  return {
    code: isUnsupported ? 'unsupported' : 'invalid-format',
    message: message.endsWith('.') ? message : `${message}.`,
    hint: isUnsupported ? error.hint : 'Get the file again; --format binary stores it as it is.',
    details: { format, offset, reason, path },
  };
}

function describeConfigurationError({
  message,
  issues,
  lines,
  hint: own,
}: ConfigurationError): FailureDescription {
  const hint = own ?? 'Correct it there. Every field is in the schema: holdfast config schema';
  const several =
    lines.length > 1
      ? { message: `The configuration has ${lines.length} errors:`, list: lines }
      : { message };
  return { code: 'invalid-configuration', ...several, hint, details: { issues } };
}
