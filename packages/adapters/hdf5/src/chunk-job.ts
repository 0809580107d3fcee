import type { Hdf5Filter } from '@holdfast/formats';

/** Chunks for one thread: what to read of the open file, and where the elements go. */
export interface ChunkJob {
  readonly kind: 'read';
  readonly descriptor: number;
  /** For each chunk its number in the grid, its offset in the file and its stored bytes. */
  readonly chunks: Float64Array;
  /** For each chunk the index of its filters in `pipelines`. */
  readonly pipelineOf: Uint8Array;
  readonly pipelines: readonly (readonly Hdf5Filter[])[];
  readonly chunkBytes: number;
  readonly itemBytes: number;
  /** The chunks, one after the other. */
  readonly target: SharedArrayBuffer;
}

/** Why a chunk could not be read, in a form that crosses from one thread to another. */
export interface ChunkFailure {
  readonly chunk: number;
  readonly reason: string;
  readonly offset: number;
  readonly hint?: string | undefined;
  readonly isUnsupported: boolean;
  readonly systemCode?: string | undefined;
}
