/** A chunk that cannot be read, until it is known of which file and dataset it is. */
export class ChunkError extends Error {
  readonly chunk: number;

  constructor(chunk: number, cause: unknown) {
    super(`chunk ${chunk} cannot be read`, { cause });
    this.chunk = chunk;
  }
}
