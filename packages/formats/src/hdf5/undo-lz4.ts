/** LZ4 makes at most 255 bytes of one. */
const mostLz4 = 255;
const shortestCopy = 4;

/**
 * Undoes one block of LZ4: runs of literal bytes, and copies of what came at most 64 KiB before.
 *
 * @param target Filled exactly.
 * @returns whether the block makes exactly as many bytes as the target has.
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function undoLz4Block(bytes: Uint8Array, target: Uint8Array): boolean {
  let from = 0;
  let to = 0;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15; more && from < bytes.length;) {
      const byte = bytes[from++] ?? 0;
      length += byte;
      more = byte === 255;
    }
    return length;
  };
  while (from < bytes.length) {
    const token = bytes[from++] ?? 0;
    const literals = lengthOf(token >> 4);
    if (from + literals > bytes.length || to + literals > target.length) return false;
    target.set(bytes.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === bytes.length) break;
    const back = (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8);
    from += 2;
    const count = lengthOf(token & 15) + shortestCopy;
    if (from > bytes.length || back === 0 || back > to || to + count > target.length) return false;
    if (back >= count) target.copyWithin(to, to - back, to - back + count);
    else for (let index = to; index < to + count; index += 1) target[index] = target[index - back] ?? 0;
    to += count;
  }
  return to === target.length;
}

/**
 * Undoes the filter `lz4`: the size of the whole, the size of a block, and blocks with their compressed sizes. A block that
 * compressed to nothing less is stored as it is.
 *
 * @returns `undefined` where the bytes do not make what they claim, or claim more than `mostBytes`.
 */
export function undoLz4(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined {
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizeBytes = Number(view.getBigUint64(0));
  const blockBytes = view.getUint32(8);
  if (sizeBytes > Math.min(mostBytes, mostLz4 * bytes.length) || (blockBytes === 0 && sizeBytes > 0))
    return undefined;
  const target = new Uint8Array(sizeBytes);
  let from = 12;
  for (let to = 0; to < sizeBytes; to += blockBytes) {
    const block = target.subarray(to, to + blockBytes);
    if (from + 4 > bytes.length) return undefined;
    const storedBytes = view.getUint32(from);
    const stored = bytes.subarray(from + 4, from + 4 + storedBytes);
    if (stored.length < storedBytes) return undefined;
    if (storedBytes === block.length) block.set(stored);
    else if (!undoLz4Block(stored, block)) return undefined;
    from += 4 + storedBytes;
  }
  return target;
}
