/** The first bytes of all elements, then the second ones, and so on, as deflate makes less of them. */
export function shuffle(bytes: Uint8Array, itemBytes: number): Uint8Array {
  const target = new Uint8Array(bytes.length);
  const count = Math.floor(bytes.length / itemBytes);
  for (let lane = 0, to = 0; lane < itemBytes; lane += 1)
    for (let from = lane, end = count * itemBytes; from < end; from += itemBytes)
      target[to++] = bytes[from] ?? 0;
  target.set(bytes.subarray(count * itemBytes), count * itemBytes);
  return target;
}
