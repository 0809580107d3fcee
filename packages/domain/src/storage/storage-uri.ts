import { InvalidValueError } from '../invalid-value-error.ts';
import { ModelStorageInfo, type ModelStorageInfoFields } from './model-storage-info.ts';
import type { SerializationFormat } from './serialization-format.ts';
import type { StorageBackend } from './storage-backend.ts';
import { StorageUriSchemes } from './storage-uri-schemes.ts';

const optionalFields = ['contentType', 'version', 'compression', 'encryptionKeyId', 'metadataPath'] as const;

/** How a storage URI is read. */
export interface ParseStorageUriOptions {
  /** The backend that the URI must belong to; any when not given. */
  readonly backend?: StorageBackend | undefined;
  /** @default StorageUriSchemes.standard */
  readonly schemes?: StorageUriSchemes | undefined;
}

/**
 * Prints an info as a URI: the scheme of its backend, the store's name where a host would stand,
 * the path, and the other fields as a query, as in
 * `s3://lake/objects/sha256/ab/ab…?format=onnx&sizeBytes=12&checksum=sha256:ab…`.
 */
export function printStorageUri(
  info: ModelStorageInfo,
  schemes: StorageUriSchemes = StorageUriSchemes.standard,
): string {
  const path = info.storagePath.split('/').map(encodeURIComponent).join('/');
  const query = [`format=${info.format}`, `sizeBytes=${info.sizeBytes}`, `checksum=${info.checksum}`];
  for (const field of optionalFields) {
    const value = info[field];
    if (value !== undefined) query.push(`${field}=${encodeURIComponent(value)}`);
  }
  return `${schemes.schemeOf(info.storageBackend)}://${info.storeName ?? ''}/${path}?${query.join('&')}`;
}

/**
 * Reads what {@link printStorageUri} wrote: `parse(print(info))` equals `info`.
 *
 * @throws InvalidValueError naming the part that is wrong: an unknown scheme, another backend's URI,
 *   a missing or doubled field, or a field that cannot be.
 */
export function parseStorageUri(uri: string, options: ParseStorageUriOptions = {}): ModelStorageInfo {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)\/([^?#]*)\?([^#]*)$/.exec(uri);
  if (match === null) {
    throw new InvalidValueError({
      field: 'uri',
      value: uri,
      reason: 'is not a storage URI',
      hint: 'A storage URI is scheme://store/path?format=…&sizeBytes=…&checksum=….',
    });
  }
  const [, scheme = '', storeName = '', path = '', query = ''] = match;
  const fields = parseQuery(query, uri);
  return ModelStorageInfo.of({
    storageBackend: backendOfScheme(scheme, options),
    storagePath: path
      .split('/')
      .map((segment) => decode(segment, 'storagePath'))
      .join('/'),
    ...(storeName === '' ? {} : { storeName }),
    format: requireField(fields, 'format') as SerializationFormat,
    sizeBytes: parseCount(requireField(fields, 'sizeBytes')),
    checksum: requireField(fields, 'checksum'),
    ...pickOptional(fields),
  });
}

function backendOfScheme(scheme: string, options: ParseStorageUriOptions): StorageBackend {
  const { backend: expected, schemes = StorageUriSchemes.standard } = options;
  const backend = schemes.backendOf(scheme);
  if (backend === undefined) {
    throw new InvalidValueError({
      field: 'scheme',
      value: scheme,
      reason: 'belongs to no registered backend',
    });
  }
  if (expected !== undefined && backend !== expected) {
    throw new InvalidValueError({
      field: 'scheme',
      value: scheme,
      reason: `belongs to ${backend}, not to ${expected}`,
      hint: `URIs of ${expected} begin with ${schemes.schemeOf(expected)}:`,
    });
  }
  return backend;
}

function parseQuery(query: string, uri: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const allowed = new Set<string>(['format', 'sizeBytes', 'checksum', ...optionalFields]);
  for (const pair of query.split('&')) {
    const separator = pair.indexOf('=');
    const name = pair.slice(0, Math.max(separator, 0));
    if (!allowed.has(name) || fields.has(name)) {
      throw new InvalidValueError({
        field: 'uri',
        value: uri,
        reason: `has an unknown or doubled field "${pair}"`,
      });
    }
    fields.set(name, decode(pair.slice(separator + 1), name));
  }
  return fields;
}

function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) {
    throw new InvalidValueError({ field: name, value, reason: 'is missing from the storage URI' });
  }
  return value;
}

function parseCount(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function pickOptional(fields: ReadonlyMap<string, string>): Partial<ModelStorageInfoFields> {
  const present = optionalFields.filter((field) => fields.has(field));
  return Object.fromEntries(present.map((field) => [field, fields.get(field)]));
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidValueError({ field, value: text, reason: 'has a malformed percent sequence' });
  }
}
