/** The polynomial of Castagnoli, its bits reversed: https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
const polynomial = 0x82f63b78;
const width = 8;
const tables = makeTables();

/** The CRC-32C of bytes as they come, eight at a time: many times faster than the one in Google's library. */
export class RunningCrc32c {
  #state = -1;

  update(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const together = bytes.byteLength - (bytes.byteLength % width);
    let state = this.#state;
    for (let at = 0; at < together; at += width) {
      const low = state ^ view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      state =
        entry(7, low & 0xff) ^
        entry(6, (low >>> 8) & 0xff) ^
        entry(5, (low >>> 16) & 0xff) ^
        entry(4, low >>> 24) ^
        entry(3, high & 0xff) ^
        entry(2, (high >>> 8) & 0xff) ^
        entry(1, (high >>> 16) & 0xff) ^
        entry(0, high >>> 24);
    }
    for (let at = together; at < bytes.byteLength; at++) {
      state = entry(0, (state ^ view.getUint8(at)) & 0xff) ^ (state >>> 8);
    }
    this.#state = state;
  }

  /** Base64 of four bytes, the highest first, as Google spells it. */
  toString(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(~this.#state);
    return bytes.toString('base64');
  }
}

function entry(table: number, byte: number): number {
  return tables[table * 256 + byte] as number;
}

/** Table n tells what a byte does that n more bytes follow. */
function makeTables(): Int32Array {
  const made = new Int32Array(width * 256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? polynomial : 0);
    made[byte] = rest;
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] as number;
    made[at] = (made[before & 0xff] as number) ^ (before >>> 8);
  }
  return made;
}
