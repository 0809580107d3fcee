import type { ByteInput, ByteRangeSource } from './byte-range-source.ts';

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

/** The source of what a reader of values was given. */
export function sourceOf(input: ByteInput): ByteRangeSource {
  return input instanceof Uint8Array ? bytesSource(input) : input;
}
