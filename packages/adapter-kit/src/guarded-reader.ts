import type { ObjectInfo, ObjectReader, StorageError } from '@holdfast/ports';

/** What a {@link GuardedReader} adds to a driver's reader. */
export interface ReaderGuard {
  /** Passes chunks on until the operation is cancelled. */
  readonly watch: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  readonly toStorageError: (error: unknown) => StorageError;
}

/** A driver's reader whose body can be cancelled and fails with nothing but a `StorageError`. */
export class GuardedReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ObjectReader['range'];
  readonly body: AsyncIterable<Uint8Array>;
  readonly bytes?: () => Promise<Uint8Array>;
  readonly #reader: ObjectReader;

  constructor(reader: ObjectReader, guard: ReaderGuard) {
    this.info = reader.info;
    this.range = reader.range;
    this.#reader = reader;
    this.body = guarded(reader.body, guard);
    if (reader.bytes !== undefined) this.bytes = () => onlyChunk(guarded(atOnce(reader), guard));
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#reader[Symbol.asyncDispose]();
  }
}

async function* atOnce(reader: ObjectReader): AsyncIterable<Uint8Array> {
  const bytes = await reader.bytes?.();
  if (bytes !== undefined) yield bytes;
}

async function onlyChunk(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) return chunk;
  return new Uint8Array();
}

async function* guarded(body: AsyncIterable<Uint8Array>, guard: ReaderGuard): AsyncIterable<Uint8Array> {
  try {
    yield* guard.watch(body);
  } catch (error) {
    throw guard.toStorageError(error);
  }
}
