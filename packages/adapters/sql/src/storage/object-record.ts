import { hash } from 'node:crypto';
import { digestOfHex, type ObjectKey, utcTimestamp } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';
import type { ObjectTable } from './object-schema.ts';

/** The columns that describe an object. */
export const recordColumns = [
  'key',
  'etag',
  'size_bytes',
  'sha256',
  'content_type',
  'metadata',
  'modified_ms',
  'data_id',
  'chunk_bytes',
  'checksum',
] as const;

/** An object without its bytes. */
export type ObjectRecord = Pick<ObjectTable, (typeof recordColumns)[number]>;

/** A checksum over every field, so that a flipped bit in a record is found like one in a body. */
export function recordChecksum(record: Omit<ObjectRecord, 'checksum'>): string {
  const { key, etag, size_bytes, sha256, content_type, metadata, modified_ms, data_id, chunk_bytes } = record;
  const fields = [key, etag, size_bytes, sha256, content_type, metadata, modified_ms, data_id, chunk_bytes];
  return hash('sha256', JSON.stringify(fields), 'hex').slice(0, 32);
}

/** The public view of a record. */
export function toObjectInfo(record: ObjectRecord): ObjectInfo {
  return {
    key: record.key as ObjectKey,
    sizeBytes: record.size_bytes,
    etag: record.etag,
    checksum: digestOfHex(record.sha256),
    ...(record.content_type === null ? {} : { contentType: record.content_type }),
    metadata: record.metadata === '{}' ? {} : (JSON.parse(record.metadata) as Record<string, string>),
    lastModified: utcTimestamp(record.modified_ms),
  };
}
