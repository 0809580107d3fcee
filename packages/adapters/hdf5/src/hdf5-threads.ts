import { availableParallelism } from 'node:os';
import { FormatError } from '@holdfast/formats';
import { WorkerPool } from '@holdfast/work';
import { ChunkError } from './chunk-error.ts';
import type { ChunkFailure, ChunkJob } from './chunk-job.ts';
import type { CompressedChunks, CompressJob } from './compress-chunks.ts';

/** Settings of {@link Hdf5Threads}. */
export interface Hdf5ThreadsOptions {
  /** The most threads. @default as many as the machine runs at once */
  readonly count?: number | undefined;
}

const isSource = import.meta.url.endsWith('.ts');

/**
 * Threads that read, inflate and compress the chunks of datasets, for all files that are opened or written with them. They start when there is
 * work for them, and keep no process alive.
 */
export class Hdf5Threads implements AsyncDisposable {
  readonly count: number;
  readonly #pool: WorkerPool<ChunkJob | CompressJob, ChunkFailure | CompressedChunks | undefined>;
  static #shared: Hdf5Threads | undefined;

  constructor({ count = availableParallelism() }: Hdf5ThreadsOptions = {}) {
    this.count = count;
    const module = new URL(`./chunk-thread.${isSource ? 'ts' : 'js'}`, import.meta.url);
    this.#pool = new WorkerPool({ module, atOnce: count });
  }

  /** The threads of files that are opened without any of their own. */
  static shared(): Hdf5Threads {
    return (this.#shared ??= new Hdf5Threads());
  }

  /** @throws ChunkError for the first chunk that cannot be read. */
  async read(job: ChunkJob): Promise<void> {
    const failure = (await this.#pool.run(job)) as ChunkFailure | undefined;
    if (failure !== undefined) throw new ChunkError(failure.chunk, errorOf(failure));
  }

  /** Compresses chunks; their memory is handed over. */
  async compress(job: CompressJob): Promise<CompressedChunks> {
    return (await this.#pool.run(job, { transfer: [job.bytes.buffer as ArrayBuffer] })) as CompressedChunks;
  }

  /** Ends all threads. Work that is in progress fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

function errorOf({ reason, offset, hint, isUnsupported, systemCode }: ChunkFailure): Error {
  if (systemCode !== undefined) return Object.assign(new Error(reason), { code: systemCode });
  return new FormatError({ format: 'hdf5', reason, offset, hint, isUnsupported });
}
