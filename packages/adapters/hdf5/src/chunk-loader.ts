import { type Hdf5Filter, type Hdf5Storage, type Hdf5StoredChunk, undoFilters } from '@holdfast/formats';
import type { LruCache } from '@holdfast/work';
import { ChunkError } from './chunk-error.ts';
import type { ChunkJob } from './chunk-job.ts';
import type { Hdf5Threads } from './hdf5-threads.ts';
import { inflateAtOnce } from './inflate-at-once.ts';
import type { LocalSource } from './local-source.ts';
import { TurnTaker } from './turn-taker.ts';

export type ChunkedStorage = Extract<Hdf5Storage, { kind: 'chunked' }>;

export interface ChunkLoaderOptions {
  readonly source: LocalSource;
  /** Opened chunks of all datasets of the file. */
  readonly cache: LruCache<string, Uint8Array>;
  /** Names the dataset in the cache. */
  readonly name: string;
  readonly threads: Hdf5Threads;
  /** The most memory that the threads inflate into. */
  readonly bufferBytes: number;
}

/** What is done with a chunk. Its bytes are lent: they are overwritten when the promise of `load` moves on. */
export type ChunkVisitor = (chunk: number, bytes: Uint8Array) => void;

/** Where the memory is not used again, it may be kept. */
type OpenedVisitor = (chunk: number, bytes: Uint8Array, isLent: boolean) => void;

const mostJobBytes = 2 ** 20;
const leastJobBytes = 2 ** 17;
/** Below this it takes longer to wake a thread than to inflate. */
const leastBytesForThreads = 2 ** 18;

/** Reads the chunks of one dataset: few of them in this thread, many of them in several. */
export class ChunkLoader {
  readonly #storage: ChunkedStorage;
  readonly #options: ChunkLoaderOptions;
  readonly #buffers: SharedArrayBuffer[] = [];
  /** Memory for stored bytes; a read takes it away while it uses it. */
  #stored = new Uint8Array(0);

  constructor(storage: ChunkedStorage, options: ChunkLoaderOptions) {
    this.#storage = storage;
    this.#options = options;
  }

  /**
   * Reads chunks that were written, in no order.
   *
   * @param request.isKept Whether a chunk will be wanted again soon.
   * @throws ChunkError for a chunk that is damaged, and the signal's reason.
   */
  async load(
    chunks: readonly number[],
    visit: ChunkVisitor,
    request: { readonly isKept: (chunk: number) => boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const { cache, threads, name } = this.#options;
    const wanted = chunks.filter((chunk) => {
      const known = cache.get(`${name}/${chunk}`);
      if (known !== undefined) visit(chunk, known);
      return known === undefined;
    });
    const keep = (chunk: number, bytes: Uint8Array, isLent: boolean): void => {
      visit(chunk, bytes);
      if (request.isKept(chunk)) cache.set(`${name}/${chunk}`, isLent ? bytes.slice() : bytes);
    };
    const { chunkBytes } = this.#storage;
    const isLarge = wanted.length > 1 && wanted.length * chunkBytes >= leastBytesForThreads;
    if (isLarge && threads.count > 1) await this.#inThreads(wanted, keep, request.signal);
    else await this.#here(wanted, keep, request.signal);
  }

  async #here(
    chunks: readonly number[],
    visit: OpenedVisitor,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { source } = this.#options;
    const { chunkBytes, itemBytes } = this.#storage;
    const turn = new TurnTaker();
    let memory = this.#stored;
    this.#stored = new Uint8Array(0);
    for (const chunk of chunks) {
      const { offset, storedBytes, filters } = this.#place(chunk);
      if (memory.length < storedBytes) memory = new Uint8Array(storedBytes);
      const bytes = memory.subarray(0, storedBytes);
      try {
        source.fill(offset, bytes);
        const stored = { bytes, at: offset, mask: 0, dueBytes: chunkBytes, itemBytes };
        const opened = await undoFilters(stored, filters, { inflate: inflateAtOnce });
        visit(chunk, opened, opened.buffer === memory.buffer);
      } catch (error) {
        throw new ChunkError(chunk, error);
      }
      if (turn.isOver) await turn.pass(signal);
    }
    this.#stored = memory;
  }

  async #inThreads(
    chunks: readonly number[],
    visit: OpenedVisitor,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { threads, bufferBytes } = this.#options;
    const { chunkBytes } = this.#storage;
    const share = (chunks.length * chunkBytes) / (2 * threads.count);
    const jobBytes = Math.min(mostJobBytes, Math.max(leastJobBytes, share));
    const inJob = Math.max(1, Math.floor(jobBytes / chunkBytes));
    const mostLanes = Math.max(1, Math.floor(bufferBytes / (inJob * chunkBytes)));
    const laneCount = Math.min(threads.count + 1, mostLanes, Math.ceil(chunks.length / inJob));
    const state = { next: 0, isFailed: false };
    const lanes = Array.from({ length: laneCount }, async () => {
      const buffer = this.#buffer(inJob * chunkBytes);
      try {
        while (state.next < chunks.length && !state.isFailed) {
          signal?.throwIfAborted();
          const part = chunks.slice(state.next, state.next + inJob);
          state.next += inJob;
          await threads.read(this.#job(part, buffer));
          const bytes = new Uint8Array(buffer);
          for (const [index, chunk] of part.entries())
            visit(chunk, bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes), true);
        }
      } catch (error) {
        state.isFailed = true;
        throw error;
      } finally {
        this.#buffers.push(buffer);
      }
    });
    // All of them end before the file may be closed.
    for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
  }

  #job(chunks: readonly number[], target: SharedArrayBuffer): ChunkJob {
    const { chunkBytes, itemBytes } = this.#storage;
    const pipelines: (readonly Hdf5Filter[])[] = [];
    const places = new Float64Array(3 * chunks.length);
    const pipelineOf = new Uint8Array(chunks.length);
    for (const [index, chunk] of chunks.entries()) {
      const { offset, storedBytes, filters } = this.#place(chunk);
      places.set([chunk, offset, storedBytes], 3 * index);
      let pipeline = pipelines.indexOf(filters);
      if (pipeline < 0) pipeline = pipelines.push(filters) - 1;
      pipelineOf[index] = pipeline;
    }
    const { descriptor } = this.#options.source;
    return { kind: 'read', descriptor, chunks: places, pipelineOf, pipelines, chunkBytes, itemBytes, target };
  }

  #buffer(sizeBytes: number): SharedArrayBuffer {
    const known = this.#buffers.pop();
    return known !== undefined && known.byteLength >= sizeBytes ? known : new SharedArrayBuffer(sizeBytes);
  }

  #place(chunk: number): Hdf5StoredChunk {
    const place = this.#storage.chunks.get(chunk);
    if (place === undefined) throw new RangeError(`Chunk ${chunk} was never written.`);
    return place;
  }
}
