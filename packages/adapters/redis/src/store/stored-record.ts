import { isDigest, type ObjectKey } from '@holdfast/domain';
import { type ObjectInfo, type OperationContext, StorageError } from '@holdfast/ports';

const layout = 1;

/** An object as a listing tells it. */
export interface StoredRecord {
  readonly info: ObjectInfo;
  /** Length of every chunk but the last. */
  readonly chunkBytes: number;
}

/** An object's bytes: in its record, or in chunks. */
export type StoredBytes =
  | { readonly kind: 'inline'; readonly bytes: Buffer }
  | { readonly kind: 'chunks'; readonly data: DataReference };

/** The chunks of one state of an object. */
export interface DataReference {
  readonly id: string;
  readonly chunkCount: number;
}

/** How a record names its chunks; empty where it has none. */
export function printData(data: DataReference | undefined): string {
  return data === undefined ? '' : `${data.id}/${data.chunkCount}`;
}

export function parseData(text: string): DataReference | undefined {
  const [, id, count] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  return id === undefined ? undefined : { id, chunkCount: Number(count) };
}

/** An object's description, as it is stored. */
export function printRecord({ info, chunkBytes }: StoredRecord): string {
  const { sizeBytes, etag, checksum, contentType, metadata, lastModified } = info;
  return JSON.stringify({
    layout,
    sizeBytes,
    etag,
    checksum,
    contentType,
    metadata,
    lastModified,
    chunkBytes,
  });
}

/**
 * Reads a description.
 *
 * @throws StorageError `unsupported` when a newer Holdfast wrote it, `corrupt` when none did.
 */
export function parseRecord(key: ObjectKey, text: string, context: OperationContext): StoredRecord {
  const given = fieldsOf(text);
  if (typeof given['layout'] === 'number' && given['layout'] > layout) {
    throw new StorageError({
      ...context,
      code: 'unsupported',
      key,
      message: `The object ${JSON.stringify(key)} was written by a newer version of Holdfast (layout ${given['layout']}).`,
      hint: 'Update Holdfast.',
    });
  }
  const { sizeBytes, etag, checksum, contentType, metadata, lastModified, chunkBytes } = given;
  if (
    given['layout'] !== layout ||
    !isCount(sizeBytes) ||
    !isCount(chunkBytes) ||
    typeof etag !== 'string' ||
    !(typeof checksum === 'string' && isDigest(checksum)) ||
    !(contentType === undefined || typeof contentType === 'string') ||
    !isTexts(metadata) ||
    typeof lastModified !== 'string' ||
    Number.isNaN(Date.parse(lastModified))
  ) {
    throw corruptRecord(key, context);
  }
  const described = contentType === undefined ? {} : { contentType };
  return {
    info: {
      key,
      sizeBytes,
      etag,
      checksum,
      ...described,
      metadata,
      lastModified,
    },
    chunkBytes,
  };
}

/** A record that no Holdfast can have written. */
export function corruptRecord(key: string, context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'corrupt',
    key,
    message: `The record of ${JSON.stringify(key)} cannot be read.`,
    hint: 'Look for another program that writes under the prefix of the store.',
  });
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}
