import { digestOfHex } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import { sql } from 'kysely';
import type { ObjectTable } from './object-schema.ts';
import { registerBody, type StagedBody, type StageOptions } from './stage-body.ts';

/** Chunks that one transaction copies. */
const chunksAtOnce = 64;

/** Stages the bytes of an object once more, inside the database. The source is held meanwhile. */
export async function copyBody(
  source: ObjectTable,
  options: StageOptions,
  { signal }: Cancellable,
): Promise<StagedBody> {
  const measured = {
    digest: digestOfHex(source.sha256),
    sizeBytes: source.size_bytes,
    chunkBytes: source.chunk_bytes,
  };
  const from = source.data_id;
  if (from === null) return { ...measured, dataId: undefined, bytes: source.bytes ?? new Uint8Array() };
  const { database, context } = options;
  const release = await database.presence.hold(from, context);
  try {
    const dataId = await registerBody(options, { signal });
    const count = Math.ceil(source.size_bytes / source.chunk_bytes);
    for (let position = 0; position < count; position += chunksAtOnce) {
      const until = Math.min(count, position + chunksAtOnce);
      const copied = await database.write(
        context,
        async (transaction) => {
          const { numAffectedRows } = await sql`
            insert into chunks (data_id, position, bytes)
            select ${sql.val(dataId)}, position, bytes from chunks
            where data_id = ${from} and position >= ${position} and position < ${until}
          `.execute(transaction);
          return Number(numAffectedRows);
        },
        { signal },
      );
      if (copied !== until - position) throw vanished(source, options);
    }
    return { ...measured, dataId, bytes: undefined };
  } finally {
    await release();
  }
}

function vanished({ key }: ObjectTable, { context }: StageOptions): StorageError {
  return new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'temporary',
    message: `${JSON.stringify(key)} was replaced or deleted while it was copied.`,
    hint: 'Copy it again.',
  });
}
