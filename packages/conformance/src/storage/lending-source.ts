/**
 * Gives bytes in chunks of the given lengths, the last one as often as needed, always in the same memory:
 * a chunk is overwritten when the next one is asked for, as the contract allows.
 */
export async function* lendingSource(
  bytes: Uint8Array,
  ...chunkLengths: readonly number[]
): AsyncGenerator<Uint8Array> {
  const lengths = chunkLengths.length === 0 ? [65_536] : chunkLengths;
  const memory = new Uint8Array(Math.max(...lengths));
  let offset = 0;
  for (let index = 0; offset < bytes.byteLength || index < lengths.length; index++) {
    const length = lengths[index] ?? Math.max(lengths.at(-1) ?? 1, 1);
    const chunk = bytes.subarray(offset, offset + length);
    memory.set(chunk);
    yield memory.subarray(0, chunk.byteLength);
    memory.fill(0xaa);
    offset += chunk.byteLength;
  }
}
