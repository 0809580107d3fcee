import { resolveRange } from '@holdfast/adapter-kit';
import {
  type GetOptions,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  StorageError,
} from '@holdfast/ports';
import type { ObjectDatabase, Release } from './object-database.ts';
import { type ObjectRecord, recordColumns, toObjectInfo } from './object-record.ts';
import { type ChunkSpan, readChunks } from './read-chunks.ts';

/** Bytes of an object that was opened: in memory, or read as they are asked for. */
class DatabaseObjectReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ObjectReader['range'];
  readonly body: AsyncGenerator<Uint8Array>;
  readonly #release: Release;

  constructor(
    { info, range }: Pick<ObjectReader, 'info' | 'range'>,
    { body, release }: { readonly body: AsyncGenerator<Uint8Array>; readonly release: Release },
  ) {
    this.info = info;
    this.range = range;
    this.body = released(body, release);
    this.#release = release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.body.return(undefined);
    await this.#release();
  }
}

/** What opening an object needs. */
export interface OpenObjectOptions extends GetOptions {
  readonly context: OperationContext;
  /** Called with the body that was read, when it is read no longer. */
  readonly onReleased: (dataId: string) => void;
}

/**
 * Opens an object; `undefined` when there is none. A long one is held, so that it can be read to its end even when it
 * is replaced meanwhile; when that comes too late, what is there by then is opened.
 */
export async function openObject(
  database: ObjectDatabase,
  key: string,
  options: OpenObjectOptions,
): Promise<ObjectReader | undefined> {
  const { context, signal, hasAlternative = false } = options;
  for (;;) {
    const found = await database.read(
      context,
      (reader) =>
        reader
          .selectFrom('objects')
          .select([...recordColumns, 'bytes'])
          .where('key', '=', key)
          .executeTakeFirst(),
      { signal, isRepeatable: !hasAlternative },
    );
    if (found === undefined) return undefined;
    checkState(found, options);
    const info = toObjectInfo(found);
    const range = resolveRange(options.range, found.size_bytes, context);
    const { data_id: dataId, bytes } = found;
    if (dataId === null) {
      const end = range.offset + range.length;
      const body = once((bytes ?? new Uint8Array()).subarray(range.offset, end));
      return new DatabaseObjectReader({ info, range }, { body, release: async () => {} });
    }
    const reader = await openBody({ database, context, record: found, dataId, ...range, signal }, options);
    if (reader !== undefined) return new DatabaseObjectReader({ info, range }, reader);
  }
}

/** Holds a body and begins to read it; `undefined` when it was removed before it was held. */
async function openBody(
  span: ChunkSpan,
  { onReleased }: OpenObjectOptions,
): Promise<{ readonly body: AsyncGenerator<Uint8Array>; readonly release: Release } | undefined> {
  const { database, dataId, context } = span;
  const held = await database.presence.hold(dataId, context);
  const release = async (): Promise<void> => {
    await held();
    onReleased(dataId);
  };
  try {
    return { body: await readChunks(span), release };
  } catch (error) {
    await release();
    if (StorageError.isInstance(error, 'precondition-failed')) return undefined;
    throw error;
  }
}

function checkState(
  { etag }: ObjectRecord,
  { ifMatch = etag, ifNoneMatch, context }: OpenObjectOptions,
): void {
  if (ifMatch !== etag) throw new StorageError({ ...context, code: 'precondition-failed' });
  if (ifNoneMatch === etag) throw new StorageError({ ...context, code: 'not-modified' });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}

async function* released(body: AsyncGenerator<Uint8Array>, release: Release): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    await release();
  }
}
