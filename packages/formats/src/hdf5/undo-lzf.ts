/** A copy of LZF makes at most 264 bytes of three. */
const mostLzf = 88;

/**
 * Undoes LZF: runs of literal bytes, and copies of what came at most 8 KiB before.
 *
 * @returns what the bytes make; `undefined` where that is broken, or more than `mostBytes`.
 * @see http://oldhome.schmorp.de/marc/liblzf.html
 */
export function undoLzf(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined {
  const target = new Uint8Array(Math.min(mostBytes, mostLzf * bytes.length));
  let from = 0;
  let to = 0;
  while (from < bytes.length) {
    const control = bytes[from++] ?? 0;
    if (control < 32) {
      const count = control + 1;
      if (from + count > bytes.length || to + count > target.length) return undefined;
      target.set(bytes.subarray(from, from + count), to);
      from += count;
      to += count;
      continue;
    }
    const isLong = control >> 5 === 7;
    const count = (control >> 5) + 2 + (isLong ? (bytes[from++] ?? 0) : 0);
    const source = to - ((control & 31) << 8) - (bytes[from++] ?? 0) - 1;
    if (from > bytes.length || source < 0 || to + count > target.length) return undefined;
    for (let index = 0; index < count; index += 1) target[to++] = target[source + index] ?? 0;
  }
  return target.subarray(0, to);
}
