import { readFullyAtOnce } from '@holdfast/files';
import { FormatError, undoFilters } from '@holdfast/formats';
import { serveTasks } from '@holdfast/work';
import type { ChunkFailure, ChunkJob } from './chunk-job.ts';
import { type CompressedChunks, type CompressJob, compressChunks } from './compress-chunks.ts';
import { inflateLent } from './inflate-at-once.ts';

/** Reads and inflates chunks into shared memory, and compresses others, in a thread of its own. */
let memory = new Uint8Array(0);

const mostBytesAtOnce = 2 ** 20;
const mostGapBytes = 2 ** 13;

serveTasks<ChunkJob | CompressJob, ChunkFailure | CompressedChunks | undefined>(async (job, { transfer }) => {
  if (job.kind === 'read') return readChunks(job);
  const compressed = compressChunks(job);
  transfer(compressed.bytes.buffer);
  return compressed;
});

async function readChunks(job: ChunkJob): Promise<ChunkFailure | undefined> {
  const target = new Uint8Array(job.target);
  const { chunkBytes: dueBytes, itemBytes, pipelines, pipelineOf } = job;
  const stored = new StoredBytes(job);
  for (const [index, pipeline] of pipelineOf.entries()) {
    const { chunk, offset, storedBytes } = placeOf(job, index);
    try {
      const into = target.subarray(index * dueBytes, (index + 1) * dueBytes);
      const bytes = stored.read(index, { offset, storedBytes });
      const filters = pipelines[pipeline] ?? [];
      const opened = await undoFilters({ bytes, at: offset, mask: 0, dueBytes, itemBytes, into }, filters, {
        inflate: inflateLent,
      });
      if (opened !== into) into.set(opened);
    } catch (error) {
      return failureOf(error, { chunk, offset });
    }
  }
  return undefined;
}

function placeOf(
  { chunks }: ChunkJob,
  index: number,
): { readonly chunk: number; readonly offset: number; readonly storedBytes: number } {
  const [chunk = 0, offset = 0, storedBytes = 0] = chunks.subarray(3 * index, 3 * index + 3);
  return { chunk, offset, storedBytes };
}

/** The stored bytes of chunks, those that are near each other read at once. */
class StoredBytes {
  readonly #job: ChunkJob;
  #start = 0;
  #bytes = new Uint8Array(0);

  constructor(job: ChunkJob) {
    this.#job = job;
  }

  /** The bytes of a chunk; fewer where the file ends. They are overwritten by a later reading. */
  read(
    index: number,
    { offset, storedBytes }: { readonly offset: number; readonly storedBytes: number },
  ): Uint8Array {
    const end = offset + storedBytes;
    if (offset < this.#start || end > this.#start + this.#bytes.length) this.#fill(index, offset);
    return this.#bytes.subarray(offset - this.#start, end - this.#start);
  }

  #fill(index: number, start: number): void {
    let end = start;
    for (let next = index; next < this.#job.pipelineOf.length; next += 1) {
      const { offset, storedBytes } = placeOf(this.#job, next);
      const isNear = offset >= end && offset - end <= mostGapBytes;
      if (next > index && (!isNear || offset + storedBytes - start > mostBytesAtOnce)) break;
      end = offset + storedBytes;
    }
    if (memory.length < end - start) memory = new Uint8Array(end - start);
    this.#start = start;
    this.#bytes = memory.subarray(
      0,
      readFullyAtOnce(this.#job.descriptor, memory.subarray(0, end - start), start),
    );
  }
}

function failureOf(error: unknown, place: { readonly chunk: number; readonly offset: number }): ChunkFailure {
  if (FormatError.isInstance(error)) {
    const { reason, hint, isUnsupported, offset } = error;
    return { chunk: place.chunk, reason, offset, hint, isUnsupported };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return { ...place, reason: message, isUnsupported: false, systemCode: code };
}
