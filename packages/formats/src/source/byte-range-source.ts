/** Settings of one {@link ByteRangeSource.read}. */
export interface ByteRangeReadOptions {
  /** Gives up the read. */
  readonly signal?: AbortSignal;
}

/**
 * Random access to bytes of known size: a file, a ranged download, an array in memory.
 * The size and the bytes must not change while they are read.
 */
export interface ByteRangeSource {
  /** The size of the whole, in bytes. */
  readonly sizeBytes: number;

  /**
   * Reads bytes from an offset: exactly `length` of them, or fewer only where the source ends.
   * The result may share memory with the source and is never written to.
   *
   * @param offset Zero-based, at most `sizeBytes`.
   * @param length In bytes, at least 0.
   */
  read(offset: number, length: number, options?: ByteRangeReadOptions): Promise<Uint8Array>;
}
