/** The most bytes that a varint takes. */
export const longestVarintBytes = 10;

/**
 * Reads a varint of at most 10 bytes as a signed 64-bit number; beyond 2^53 it is rounded.
 * `undefined` where it does not end.
 */
export function readVarint(bytes: Uint8Array, offset: number): { value: number; end: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let index = 0; index < longestVarintBytes - 1; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return { value, end: offset + index + 1 };
  }
  return readTenByteVarint(bytes, offset);
}

/** Ten bytes are how negative numbers are written; of the last one only the lowest bit counts. */
function readTenByteVarint(bytes: Uint8Array, offset: number): { value: number; end: number } | undefined {
  const last = bytes[offset + longestVarintBytes - 1];
  if (last === undefined || last > 0x7f) return undefined;
  let value = 0n;
  for (let index = 0; index < longestVarintBytes; index += 1) {
    value |= BigInt((bytes[offset + index] ?? 0) & 0x7f) << BigInt(index * 7);
  }
  return { value: Number(BigInt.asIntN(64, value)), end: offset + longestVarintBytes };
}
