import type { StoredObject } from '@holdfast/adapter-kit';
import { notAnAnswerOfGcs } from './to-storage-error.ts';

/** What a listing and a head ask for. */
export const describedFields = 'name,size,generation,contentType,metadata,updated,crc32c';

/** A resource of the JSON API: https://docs.cloud.google.com/storage/docs/json_api/v1/objects */
export interface ObjectResource extends StoredObject {
  readonly name: string;
  /** Base64, as Google spells it. */
  readonly crc32c: string | undefined;
}

/** Reads a resource; whatever has no generation is not one. */
export function objectResource(value: unknown): ObjectResource {
  if (typeof value !== 'object' || value === null) throw notAnAnswerOfGcs('object');
  const { name, size, generation, contentType, metadata, updated, crc32c } = value as Readonly<
    Record<string, unknown>
  >;
  if (typeof name !== 'string') throw notAnAnswerOfGcs('name');
  if (typeof generation !== 'string' && typeof generation !== 'number') throw notAnAnswerOfGcs('generation');
  const sizeBytes = Number(size ?? Number.NaN);
  if (!Number.isSafeInteger(sizeBytes)) throw notAnAnswerOfGcs('size');
  const lastModifiedMs = Date.parse(String(updated));
  return {
    name,
    sizeBytes,
    etag: String(generation),
    version: String(generation),
    contentType: typeof contentType === 'string' && contentType !== '' ? contentType : undefined,
    metadata: (metadata ?? {}) as Readonly<Record<string, string>>,
    lastModifiedMs: Number.isNaN(lastModifiedMs) ? 0 : lastModifiedMs,
    crc32c: typeof crc32c === 'string' ? crc32c : undefined,
  };
}

const metadataHeader = 'x-goog-meta-';

/** Reads what the XML API tells of an object of this size beside its bytes. */
export function objectOfHeaders(headers: Headers, sizeBytes: number): StoredObject {
  const generation = headers.get('x-goog-generation');
  if (generation === null) throw notAnAnswerOfGcs('generation');
  const metadata = [...headers].flatMap(([name, value]) =>
    name.startsWith(metadataHeader) ? [[name.slice(metadataHeader.length), value] as const] : [],
  );
  const lastModifiedMs = Date.parse(headers.get('last-modified') ?? '');
  return {
    sizeBytes,
    etag: generation,
    version: generation,
    contentType: headers.get('content-type') ?? undefined,
    metadata: Object.fromEntries(metadata),
    lastModifiedMs: Number.isNaN(lastModifiedMs) ? 0 : lastModifiedMs,
  };
}
