import { type ResolvedRange, resolveRange } from '@holdfast/adapter-kit';
import {
  type GetOptions,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  StorageError,
} from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import type { StoreTools } from './store-tools.ts';
import type { OpenedRecord } from './store/redis-store.ts';
import type { DataReference } from './store/stored-record.ts';

/** What was asked for. */
export interface ReadOrder {
  readonly options: GetOptions;
  readonly context: OperationContext;
}

/** Reads one state of an object: from its record, or chunk by chunk, the next one asked for while one is used. */
export class ChunkReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  readonly body: AsyncIterable<Uint8Array>;
  readonly bytes?: () => Promise<Uint8Array>;
  readonly #tools: StoreTools;
  readonly #record: OpenedRecord;
  readonly #context: OperationContext;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;

  constructor(tools: StoreTools, record: OpenedRecord, { options, context }: ReadOrder) {
    this.#tools = tools;
    this.#record = record;
    this.#context = context;
    this.#signal = joinSignals(this.#left.signal, options.signal);
    this.info = record.info;
    const range = resolveRange(options.range, record.info.sizeBytes, context);
    this.range = range;
    if (record.bytes.kind === 'chunks') {
      this.body = this.#chunks(record.bytes.data);
      return;
    }
    const part = record.bytes.bytes.subarray(range.offset, range.offset + range.length);
    this.body = only(part);
    this.bytes = async () => part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#left.abort();
  }

  async *#chunks(data: DataReference): AsyncGenerator<Uint8Array> {
    const { chunkBytes } = this.#record;
    const { offset, length } = this.range;
    const end = offset + length;
    const ask = (position: number): Promise<Buffer> | undefined => {
      if (position >= end) return undefined;
      const number = Math.floor(position / chunkBytes);
      const upTo = Math.min(end, (number + 1) * chunkBytes);
      const asked = this.#read(data, {
        number,
        offset: position - number * chunkBytes,
        length: upTo - position,
      });
      asked.catch(() => undefined);
      return asked;
    };
    let position = offset;
    let next = ask(position);
    while (next !== undefined) {
      const bytes = await next;
      position += bytes.byteLength;
      next = ask(position);
      yield bytes;
    }
  }

  async #read(
    data: DataReference,
    part: { readonly number: number; readonly offset: number; readonly length: number },
  ): Promise<Buffer> {
    const { runner, store } = this.#tools;
    const bytes = await runner.run(this.#context, { signal: this.#signal }, (attempt) =>
      store.readChunk(data, part, attempt),
    );
    if (bytes !== undefined) return bytes;
    throw await this.#whyGone();
  }

  async #whyGone(): Promise<StorageError> {
    const { runner, store } = this.#tools;
    const { key, etag } = this.info;
    const now = await runner.run(this.#context, { signal: this.#signal }, (attempt) =>
      store.head(key, this.#context, attempt),
    );
    if (now?.info.etag !== etag) {
      const what = now === undefined ? 'deleted' : 'replaced';
      return new StorageError({
        ...this.#context,
        code: 'precondition-failed',
        message: `The object was ${what} while it was read, and its bytes are gone.`,
        hint: 'Read it again. Readers that take longer need a larger keep.replacedMs in the store that is written through.',
      });
    }
    return new StorageError({
      ...this.#context,
      code: 'corrupt',
      message: `Bytes of the object ${JSON.stringify(key)} are gone from the server.`,
      hint: 'Set maxmemory-policy to noeviction, and write the object again.',
    });
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}
