import type { ByteRangeSource } from '../../src/index.ts';

/** A source that counts what is read of it, and refuses what a bounded reader must never ask for. */
export interface CountingSource extends ByteRangeSource {
  readonly bytesRead: number;
  readonly readCount: number;
}

/** Wraps bytes, or a sparse file: a size, and bytes at its start and end. */
export function countingSource(
  content: Uint8Array | { readonly sizeBytes: number; readonly parts: ReadonlyMap<number, Uint8Array> },
): CountingSource {
  const { sizeBytes, parts } =
    content instanceof Uint8Array ? { sizeBytes: content.length, parts: new Map([[0, content]]) } : content;
  let bytesRead = 0;
  let readCount = 0;
  return {
    sizeBytes,
    get bytesRead() {
      return bytesRead;
    },
    get readCount() {
      return readCount;
    },
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > sizeBytes) {
        throw new RangeError(`read of ${length} bytes at ${offset} of ${sizeBytes}`);
      }
      bytesRead += length;
      readCount += 1;
      const bytes = new Uint8Array(length);
      for (const [start, part] of parts) {
        const from = Math.max(start, offset);
        const to = Math.min(start + part.length, offset + length);
        if (from < to) bytes.set(part.subarray(from - start, to - start), from - offset);
      }
      return bytes;
    },
  };
}
