/** Settings of one {@link ByteRangeSource.read}. */
export interface ByteRangeReadOptions {
  /** Gives up the read. */
  readonly signal?: AbortSignal | undefined;
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

  /**
   * Reads bytes from an offset into memory of the caller's, where the source can do that without a copy in between.
   *
   * @returns how many bytes were read: fewer than the target holds only where the source ends.
   */
  readInto?(offset: number, target: Uint8Array, options?: ByteRangeReadOptions): Promise<number>;
}

/** What readers of values take: bytes in memory, or a source of them. */
export type ByteInput = Uint8Array | ByteRangeSource;
