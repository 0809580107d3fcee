import { type Cancellable, type OperationContext, StorageError } from '@holdfast/ports';
import { chunksAtOnce } from './chunk-block.ts';
import type { ObjectDatabase } from './object-database.ts';
import { type ObjectRecord, recordColumns } from './object-record.ts';

/** The part of a body that is read: chunks, and within them bytes. */
export interface ChunkSpan extends Cancellable {
  readonly database: ObjectDatabase;
  readonly context: OperationContext;
  readonly record: ObjectRecord;
  readonly dataId: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads the first chunks of a part of a body; the rest is read as it is asked for, the next statement's chunks while
 * the last ones are looked at.
 *
 * @throws StorageError `precondition-failed` when the object was replaced and its body removed, `corrupt` when chunks
 *   are missing all the same.
 */
export async function readChunks(span: ChunkSpan): Promise<AsyncGenerator<Uint8Array>> {
  const { record, offset, length } = span;
  const first = Math.floor(offset / record.chunk_bytes);
  const last = length === 0 ? first - 1 : Math.floor((offset + length - 1) / record.chunk_bytes);
  const chunks = length === 0 ? [] : await fetch(span, first, last);
  return readOn(span, { first, last, chunks });
}

interface FirstChunks {
  readonly first: number;
  readonly last: number;
  readonly chunks: readonly Uint8Array[];
}

async function* readOn(
  span: ChunkSpan,
  { first, last, chunks: found }: FirstChunks,
): AsyncGenerator<Uint8Array> {
  const { record, offset, length } = span;
  const chunkBytes = record.chunk_bytes;
  const end = offset + length;
  let ahead = Promise.resolve(found);
  for (let position = first; position <= last; position += chunksAtOnce) {
    const chunks = await ahead;
    const next = position + chunksAtOnce;
    if (next <= last) {
      ahead = fetch(span, next, last);
      ahead.catch(ignore);
    }
    for (const [index, bytes] of chunks.entries()) {
      const start = (position + index) * chunkBytes;
      yield bytes.subarray(Math.max(0, offset - start), end - start);
    }
  }
}

async function fetch(span: ChunkSpan, position: number, last: number): Promise<readonly Uint8Array[]> {
  const { database, context, record, dataId, signal } = span;
  const until = Math.min(last, position + chunksAtOnce - 1);
  const rows = await database.read(
    context,
    (reader) =>
      reader
        .selectFrom('chunks')
        .select(['position', 'bytes'])
        .where('data_id', '=', dataId)
        .where('position', '>=', position)
        .where('position', '<=', until)
        .orderBy('position')
        .execute(),
    { signal },
  );
  const isWhole =
    rows.length === until - position + 1 &&
    rows.every((row, index) => row.bytes.byteLength === lengthOf(record, position + index));
  if (!isWhole) throw await missing(span);
  return rows.map((row) => row.bytes);
}

function lengthOf(
  { size_bytes: sizeBytes, chunk_bytes: chunkBytes }: ObjectRecord,
  position: number,
): number {
  return Math.min(chunkBytes, sizeBytes - position * chunkBytes);
}

/** Tells an object that was replaced from one whose bytes are lost. */
async function missing({ database, context, record, signal }: ChunkSpan): Promise<StorageError> {
  const present = await database.read(
    context,
    (reader) =>
      reader.selectFrom('objects').select(recordColumns).where('key', '=', record.key).executeTakeFirst(),
    { signal },
  );
  if (present?.etag === record.etag) {
    return new StorageError({
      ...context,
      code: 'corrupt',
      message: `Chunks of ${JSON.stringify(record.key)} are missing from the database.`,
      hint: 'The tables were changed by hand. Restore the database from a backup, or put the object again.',
    });
  }
  const fate = present === undefined ? 'deleted' : 'replaced';
  return new StorageError({
    ...context,
    code: 'precondition-failed',
    retry: 'temporary',
    message: `${JSON.stringify(record.key)} was ${fate} while it was read.`,
    hint: 'Open it again to read what is there now.',
  });
}

function ignore(): void {}
