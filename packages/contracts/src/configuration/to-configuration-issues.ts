import { type StorageBackend, isStorageBackend } from '@holdfast/domain';
import type { core } from 'zod';
import { allowedAt, fieldsAt } from './allowed-at.ts';
import type { ConfigurationIssue } from './configuration-issue.ts';
import { nearestSpelling } from './nearest-spelling.ts';
import { printableValue } from './printable-value.ts';

type Path = readonly PropertyKey[];

/** Says what zod found in our own words, with what is allowed instead, and without what could be a secret. */
export function toConfigurationIssues(
  issues: readonly core.$ZodIssue[],
  input: unknown,
): readonly ConfigurationIssue[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownField(issue.path, key, input))
      : [toIssue(issue, input)],
  );
}

function unknownField(path: Path, key: string, input: unknown): ConfigurationIssue {
  const allowed = fieldsAt(path, input);
  const nearest = nearestSpelling(key, allowed);
  const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return { path: printPath([...path, key]), message: `is not a field${suggestion}`, allowed };
}

function toIssue(issue: core.$ZodIssue, input: unknown): ConfigurationIssue {
  const allowed = allowedAt(issue.path, input);
  const value = issue.code === 'invalid_union' ? backendOf(issue.input) : issue.input;
  return {
    path: printPath(issue.path),
    ...(value === undefined || mayBeSecret(issue.path) ? {} : { value: printableValue(value) }),
    message: messageOf(issue, allowed),
    ...(allowed.length === 0 ? {} : { allowed }),
  };
}

/** Who writes a secret where its reference is meant does not want to read it in a log. */
function mayBeSecret(path: Path): boolean {
  return path.includes('credentials');
}

function messageOf(issue: core.$ZodIssue, allowed: readonly string[]): string {
  if (issue.code === 'invalid_union') return whyNotBackend(issue.input, allowed);
  if (issue.input === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `is not ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : 'is too small';
    case 'too_big':
      return issue.origin === 'string' ? 'is too long' : 'is too big';
    case 'invalid_value':
      return 'is not allowed';
    case 'invalid_format':
      return issue.format === 'template_literal'
        ? 'is not a reference: env:NAME or file:PATH'
        : issue.message;
    case 'invalid_key':
      return `is not the name of a store: it ${issue.issues[0]?.message ?? ''}`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
};

function whyNotBackend(store: unknown, allowed: readonly string[]): string {
  const backend = backendOf(store);
  if (backend === undefined) return 'is missing';
  if (typeof backend !== 'string' || !isStorageBackend(backend))
    return `is not a backend${otherSpelling(backend, allowed)}`;
  if (backend.startsWith('x-'))
    return 'is a backend of your own: register it in your program, not in this file';
  return 'is a backend that this version does not have';
}

/** What a backend is called elsewhere, or misspelt here. */
function otherSpelling(backend: unknown, allowed: readonly string[]): string {
  if (typeof backend !== 'string') return '';
  const name = backend.toLowerCase();
  const known = Object.hasOwn(otherNames, name) ? otherNames[name] : nearestSpelling(name, allowed);
  return known === undefined ? '' : `; did you mean ${known}?`;
}

const otherNames: Readonly<Record<string, StorageBackend>> = {
  s3: 'aws_s3',
  aws: 'aws_s3',
  minio: 'aws_s3',
  r2: 'aws_s3',
  azure: 'azure_blob',
  az: 'azure_blob',
  gcs: 'gcp_storage',
  gs: 'gcp_storage',
  google: 'gcp_storage',
  file: 'local_filesystem',
  local: 'local_filesystem',
  filesystem: 'local_filesystem',
  fs: 'local_filesystem',
  folder: 'local_filesystem',
  sqlite: 'database',
  postgres: 'database',
  postgresql: 'database',
  sql: 'database',
};

function backendOf(store: unknown): unknown {
  return (store as { readonly backend?: unknown } | undefined)?.backend;
}

function printPath(path: Path): string {
  return path.map(String).join('.');
}
