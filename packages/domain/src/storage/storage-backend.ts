import { InvalidValueError } from '../invalid-value-error.ts';

/** The backends that Holdfast knows by itself. The strings are stored and never change. */
export const StorageBackend = {
  LocalFilesystem: 'local_filesystem',
  AwsS3: 'aws_s3',
  AzureBlob: 'azure_blob',
  GcpStorage: 'gcp_storage',
  Mlflow: 'mlflow',
  HuggingfaceHub: 'huggingface_hub',
  Database: 'database',
  Redis: 'redis',
  Memory: 'memory',
} as const;

/** A backend of Holdfast's own. */
export type KnownStorageBackend = (typeof StorageBackend)[keyof typeof StorageBackend];

/** A backend from outside this repository, such as `x-acme-tape`. */
export type ForeignStorageBackend = `x-${string}`;

/** The kind of system that holds an object. */
export type StorageBackend = KnownStorageBackend | ForeignStorageBackend;

const known: ReadonlySet<string> = new Set(Object.values(StorageBackend));
const foreign = /^x-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Whether a text names a backend: a known one, or any `x-` name of lower-case letters, digits and hyphens. */
export function isStorageBackend(text: string): text is StorageBackend {
  return known.has(text) || foreign.test(text);
}

/**
 * Parses the name of a backend.
 *
 * @throws InvalidValueError listing the known names.
 */
export function parseStorageBackend(text: string, field = 'storageBackend'): StorageBackend {
  if (!isStorageBackend(text)) {
    throw new InvalidValueError({
      field,
      value: text,
      reason: 'is not a storage backend',
      hint: `Known backends are ${[...known].join(', ')}; an adapter of your own is named x-….`,
    });
  }
  return text;
}
