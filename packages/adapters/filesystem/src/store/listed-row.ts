import { type Digest, type ObjectKey, digestOfHex, utcTimestamp } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';

/** The columns of a {@link ListedRow}. */
export const listedColumns = 'key, etag, size_bytes, sha256, content_type, metadata, modified_ms';

/** What a listing shows of a record: an array, as naming every value of every row would take longer than finding it. */
export type ListedRow = readonly [
  key: string,
  etag: string,
  sizeBytes: number,
  sha256: string,
  contentType: string | null,
  metadata: string,
  modifiedMs: number,
];

/** The public view of a row. */
export function toListedInfo(row: ListedRow): ObjectInfo {
  const [key, etag, sizeBytes, sha256, contentType, metadata, modifiedMs] = row;
  return {
    key: key as ObjectKey,
    sizeBytes,
    etag,
    checksum: toDigest(sha256),
    ...(contentType === null ? undefined : { contentType }),
    metadata: metadata === '{}' ? {} : (JSON.parse(metadata) as Record<string, string>),
    lastModified: utcTimestamp(modifiedMs),
  };
}

/** The column was written from a digest, and a listing promises no more than its record. */
function toDigest(sha256: string): Digest {
  return sha256.length === 64 ? (`sha256:${sha256}` as Digest) : digestOfHex(sha256);
}
