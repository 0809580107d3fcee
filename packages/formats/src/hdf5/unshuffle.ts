import { hostByteOrder } from '../value/element-bytes.ts';

/**
 * Puts the bytes of elements together again: first come the first bytes of all, then the second ones, and so on. What is
 * left over of an element at the end stays where it is.
 */
export function unshuffle(bytes: Uint8Array, itemBytes: number, target: Uint8Array): void {
  const count = Math.floor(bytes.length / itemBytes);
  const isAligned = bytes.byteOffset % 4 === 0 && target.byteOffset % 8 === 0 && hostByteOrder === 'little';
  if (isAligned && itemBytes === 4 && count % 4 === 0) fours(bytes, target, count);
  else if (isAligned && itemBytes === 2) pairs(bytes, target, count);
  else if (isAligned && itemBytes === 8) eights(bytes, target, count);
  else lanes(bytes, target, { itemBytes, count });
  target.set(bytes.subarray(count * itemBytes), count * itemBytes);
}

function lanes(
  bytes: Uint8Array,
  target: Uint8Array,
  { itemBytes, count }: { readonly itemBytes: number; readonly count: number },
): void {
  for (let lane = 0, from = 0; lane < itemBytes; lane += 1)
    for (let to = lane, end = count * itemBytes; to < end; to += itemBytes) target[to] = bytes[from++] ?? 0;
}

function pairs(bytes: Uint8Array, target: Uint8Array, count: number): void {
  const words = new Uint16Array(target.buffer, target.byteOffset, count);
  for (let index = 0; index < count; index += 1)
    words[index] = (bytes[index] ?? 0) | ((bytes[count + index] ?? 0) << 8);
}

/** Four elements at a time: each word that is read holds one byte of each. */
function fours(bytes: Uint8Array, target: Uint8Array, count: number): void {
  const from = new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  const words = new Uint32Array(target.buffer, target.byteOffset, count);
  const step = count / 4;
  for (let index = 0; index < step; index += 1) {
    const a = from[index] ?? 0;
    const b = from[step + index] ?? 0;
    const c = from[2 * step + index] ?? 0;
    const d = from[3 * step + index] ?? 0;
    const at = 4 * index;
    words[at] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    words[at + 1] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    words[at + 2] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    words[at + 3] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}

function eights(bytes: Uint8Array, target: Uint8Array, count: number): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, 2 * count);
  const part = (from: number): number =>
    (bytes[from] ?? 0) |
    ((bytes[from + count] ?? 0) << 8) |
    ((bytes[from + 2 * count] ?? 0) << 16) |
    ((bytes[from + 3 * count] ?? 0) << 24);
  for (let index = 0; index < count; index += 1) {
    words[2 * index] = part(index);
    words[2 * index + 1] = part(index + 4 * count);
  }
}
