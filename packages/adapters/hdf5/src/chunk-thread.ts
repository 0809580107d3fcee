import { readSync } from 'node:fs';
import { FormatError, undoFilters } from '@holdfast/formats';
import { serveTasks } from '@holdfast/work';
import type { ChunkFailure, ChunkJob } from './chunk-job.ts';
import { type CompressedChunks, type CompressJob, compressChunks } from './compress-chunks.ts';
import { inflateAtOnce } from './inflate-at-once.ts';

/** Reads and inflates chunks into shared memory, and compresses others, in a thread of its own. */
let stored = new Uint8Array(0);

serveTasks<ChunkJob | CompressJob, ChunkFailure | CompressedChunks | undefined>(async (job, { transfer }) => {
  if (job.kind === 'read') return readChunks(job);
  const compressed = compressChunks(job);
  transfer(compressed.bytes.buffer);
  return compressed;
});

async function readChunks(job: ChunkJob): Promise<ChunkFailure | undefined> {
  const target = new Uint8Array(job.target);
  for (let index = 0; index < job.pipelineOf.length; index += 1) {
    const [chunk = 0, offset = 0, storedBytes = 0] = job.chunks.subarray(3 * index, 3 * index + 3);
    try {
      const { chunkBytes: dueBytes, itemBytes } = job;
      const into = target.subarray(index * dueBytes, (index + 1) * dueBytes);
      const bytes = read(job.descriptor, offset, storedBytes);
      const filters = job.pipelines[job.pipelineOf[index] ?? 0] ?? [];
      const opened = await undoFilters({ bytes, at: offset, mask: 0, dueBytes, itemBytes, into }, filters, {
        inflate: inflateAtOnce,
      });
      if (opened !== into) into.set(opened);
    } catch (error) {
      return failureOf(error, { chunk, offset });
    }
  }
  return undefined;
}

/** The stored bytes of a chunk, in memory that the next chunk uses again. */
function read(descriptor: number, offset: number, length: number): Uint8Array {
  if (stored.length < length) stored = new Uint8Array(length);
  let filledBytes = 0;
  while (filledBytes < length) {
    const bytesRead = readSync(descriptor, stored, filledBytes, length - filledBytes, offset + filledBytes);
    if (bytesRead === 0) break;
    filledBytes += bytesRead;
  }
  return stored.subarray(0, filledBytes);
}

function failureOf(error: unknown, place: { readonly chunk: number; readonly offset: number }): ChunkFailure {
  if (FormatError.isInstance(error)) {
    const { reason, hint, isUnsupported, offset } = error;
    return { chunk: place.chunk, reason, offset, hint, isUnsupported };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return { ...place, reason: message, isUnsupported: false, systemCode: code };
}
