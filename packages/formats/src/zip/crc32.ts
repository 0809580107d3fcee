const polynomial = 0xedb8_8320;

/** Entry `256 * k + b` is what byte `b` contributes when `k` more bytes follow it. */
const table: Uint32Array = makeTable();

/**
 * The check sum of zip archives: of some bytes, going on from that of the bytes before.
 *
 * @see https://www.w3.org/TR/png/#D-CRCAppendix for the polynomial; eight bytes a step are Intel's "slicing-by-8"
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const entries = table as { readonly [index: number]: number };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      (entries[0x700 + (low & 0xff)] as number) ^
      (entries[0x600 + ((low >>> 8) & 0xff)] as number) ^
      (entries[0x500 + ((low >>> 16) & 0xff)] as number) ^
      (entries[0x400 + (low >>> 24)] as number) ^
      (entries[0x300 + (high & 0xff)] as number) ^
      (entries[0x200 + ((high >>> 8) & 0xff)] as number) ^
      (entries[0x100 + ((high >>> 16) & 0xff)] as number) ^
      (entries[high >>> 24] as number);
  }
  for (; at < bytes.length; at += 1)
    crc = (crc >>> 8) ^ (entries[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

function makeTable(): Uint32Array {
  const made = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    made[byte] = value;
  }
  for (let index = 256; index < made.length; index += 1) {
    const previous = made[index - 256] ?? 0;
    made[index] = (previous >>> 8) ^ (made[previous & 0xff] ?? 0);
  }
  return made;
}
