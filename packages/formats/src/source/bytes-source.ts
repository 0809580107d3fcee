import type { ByteRangeSource } from './byte-range-source.ts';

/** A source over bytes in memory. Reads are views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteRangeSource {
  return {
    sizeBytes: bytes.byteLength,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    readInto: async (offset, target) => {
      const piece = bytes.subarray(offset, offset + target.byteLength);
      target.set(piece);
      return piece.byteLength;
    },
  };
}
