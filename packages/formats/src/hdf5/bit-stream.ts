/** Numbers of any number of bits that follow each other, the highest bit first. Past the end, bits are zero. */
export class BitStream {
  readonly #bytes: Uint8Array;
  #byte: number;
  #usedBits = 0;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#byte = start;
  }

  /** The next number; exact up to 53 bits. */
  take(bits: number): number {
    let value = 0;
    for (let due = bits; due > 0;) {
      const taken = Math.min(due, 8 - this.#usedBits);
      const rest = 8 - this.#usedBits - taken;
      value = value * 2 ** taken + (((this.#bytes[this.#byte] ?? 0) >> rest) & (2 ** taken - 1));
      due -= taken;
      this.#usedBits += taken;
      if (this.#usedBits === 8) {
        this.#usedBits = 0;
        this.#byte += 1;
      }
    }
    return value;
  }

  /** The next number of up to 64 bits. */
  takeBig(bits: number): bigint {
    const high = bits > 32 ? BigInt(this.take(bits - 32)) : 0n;
    return (high << 32n) | BigInt(this.take(Math.min(bits, 32)));
  }
}
