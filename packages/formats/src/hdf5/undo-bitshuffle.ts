/** Bits are exchanged among eight elements at a time. */
const group = 8;
const blockBytes = 8192;
const leastBlock = 128;
/** Neither LZ4 nor Zstandard makes more bytes of one. */
const mostInflation = 2 ** 15;

/** What one block is compressed with inside of the filter; plain where it is not. */
export type BlockDecoder = (stored: Uint8Array, dueBytes: number) => Promise<Uint8Array | undefined>;

/** How a chunk was shuffled. */
export interface BitshuffleForm {
  readonly itemBytes: number;
  /** Elements of a block; 0 for the default. */
  readonly blockItems: number;
}

/**
 * Undoes the filter `bitshuffle` without compression: in each block the first bits of all elements come first, then the
 * second ones, and so on. Elements after the last eight are as they were.
 */
export function undoBitshuffle(bytes: Uint8Array, { itemBytes, blockItems }: BitshuffleForm): Uint8Array {
  const target = new Uint8Array(bytes.length);
  const count = Math.floor(bytes.length / itemBytes);
  const block = blockItems === 0 ? defaultBlock(itemBytes) : blockItems;
  let from = 0;
  for (const items of blocksOf(count, block)) {
    const size = items * itemBytes;
    unshuffleBits(bytes.subarray(from, from + size), target.subarray(from, from + size), itemBytes);
    from += size;
  }
  target.set(bytes.subarray(from), from);
  return target;
}

/**
 * Undoes the filter `bitshuffle` with compression inside: the size of the whole, the size of a block, and blocks with their
 * compressed sizes.
 *
 * @returns `undefined` where the bytes do not make what they claim, or claim more than `mostBytes`.
 */
export async function undoCompressedBitshuffle(
  bytes: Uint8Array,
  { itemBytes, mostBytes }: { readonly itemBytes: number; readonly mostBytes: number },
  decode: BlockDecoder,
): Promise<Uint8Array | undefined> {
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizeBytes = Number(view.getBigUint64(0));
  const block = view.getUint32(8) / itemBytes;
  const isPossible =
    Number.isInteger(block) && block > 0 && block % group === 0 && sizeBytes % itemBytes === 0;
  if (!isPossible || sizeBytes > Math.min(mostBytes, mostInflation * bytes.length)) return undefined;
  const target = new Uint8Array(sizeBytes);
  let from = 12;
  let to = 0;
  for (const items of blocksOf(sizeBytes / itemBytes, block)) {
    if (from + 4 > bytes.length) return undefined;
    const storedBytes = view.getUint32(from);
    const stored = bytes.subarray(from + 4, from + 4 + storedBytes);
    const dueBytes = items * itemBytes;
    const plain = stored.length < storedBytes ? undefined : await decode(stored, dueBytes);
    if (plain === undefined) return undefined;
    unshuffleBits(plain, target.subarray(to, to + dueBytes), itemBytes);
    from += 4 + storedBytes;
    to += dueBytes;
  }
  const rest = bytes.subarray(from, from + sizeBytes - to);
  if (rest.length < sizeBytes - to) return undefined;
  target.set(rest, to);
  return target;
}

function defaultBlock(itemBytes: number): number {
  const items = Math.floor(blockBytes / itemBytes);
  return Math.max(leastBlock, items - (items % group));
}

/** How many elements each block has: whole ones, and one of the eights that are left. */
function* blocksOf(count: number, block: number): Generator<number> {
  for (let done = 0; done + block <= count; done += block) yield block;
  const rest = count % block;
  if (rest >= group) yield rest - (rest % group);
}

function unshuffleBits(from: Uint8Array, target: Uint8Array, itemBytes: number): void {
  const rowBytes = target.length / itemBytes / 8;
  for (let byte = 0; byte < itemBytes; byte += 1) {
    const plane = byte * 8 * rowBytes;
    for (let eight = 0; eight < rowBytes; eight += 1) {
      const at = plane + eight;
      // Eight rows of eight bits, turned as a matrix: the bits of one element come together.
      let low = 0;
      let high = 0;
      for (let row = 0; row < 4; row += 1) {
        low |= (from[at + row * rowBytes] ?? 0) << (8 * row);
        high |= (from[at + (row + 4) * rowBytes] ?? 0) << (8 * row);
      }
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = ((low >>> 4) ^ high) & 0x0f0f0f0f;
      high ^= swap;
      low ^= swap << 4;
      const to = eight * 8 * itemBytes + byte;
      for (let item = 0; item < 4; item += 1) {
        target[to + item * itemBytes] = low >>> (8 * item);
        target[to + (item + 4) * itemBytes] = high >>> (8 * item);
      }
    }
  }
}
