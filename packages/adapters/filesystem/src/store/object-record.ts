import { hash } from 'node:crypto';
import { type Digest, type ObjectKey, digestOfHex, utcTimestamp } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';

/** What the index keeps of an object. */
export interface ObjectRecord {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: string | null;
  /** A JSON object of texts. */
  readonly metadata: string;
  readonly modifiedMs: number;
  /** The data file that holds the bytes; `null` when they lie in the index. */
  readonly dataId: string | null;
}

/** The fields that a writer chooses; the rest follows from the bytes. */
export interface ObjectDescription {
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A checksum over every field, so that a flipped bit in a record is found like one in a body. */
export function recordChecksum(record: ObjectRecord): string {
  const { key, etag, sizeBytes, sha256, contentType, metadata, modifiedMs, dataId } = record;
  const fields = [key, etag, sizeBytes, sha256, contentType, metadata, modifiedMs, dataId];
  return hash('sha256', JSON.stringify(fields), 'hex').slice(0, 32);
}

/** The public view of a record. */
export function toObjectInfo(record: ObjectRecord): ObjectInfo {
  return {
    key: record.key as ObjectKey,
    sizeBytes: record.sizeBytes,
    etag: record.etag,
    checksum: digestOf(record),
    ...(record.contentType === null ? {} : { contentType: record.contentType }),
    metadata: JSON.parse(record.metadata) as Record<string, string>,
    lastModified: utcTimestamp(record.modifiedMs),
  };
}

/** The digest that a record states. */
export function digestOf(record: ObjectRecord): Digest {
  return digestOfHex(record.sha256);
}
