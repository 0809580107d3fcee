import { hostByteOrder } from '../../value/element-bytes.ts';

/** The first bytes of all elements, then the second ones, and so on, as deflate makes less of them. */
export function shuffle(bytes: Uint8Array, itemBytes: number): Uint8Array {
  const target = new Uint8Array(bytes.length);
  const count = Math.floor(bytes.length / itemBytes);
  if (itemBytes === 4 && bytes.byteOffset % 4 === 0 && hostByteOrder === 'little')
    fours(bytes, target, count);
  else
    for (let lane = 0, to = 0; lane < itemBytes; lane += 1)
      for (let from = lane, end = count * itemBytes; from < end; from += itemBytes)
        target[to++] = bytes[from] ?? 0;
  target.set(bytes.subarray(count * itemBytes), count * itemBytes);
  return target;
}

function fours(bytes: Uint8Array, target: Uint8Array, count: number): void {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  for (let index = 0; index < count; index += 1) {
    const word = words[index] ?? 0;
    target[index] = word;
    target[count + index] = word >>> 8;
    target[2 * count + index] = word >>> 16;
    target[3 * count + index] = word >>> 24;
  }
}
