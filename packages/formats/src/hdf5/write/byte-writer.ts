const encoder = new TextEncoder();

/** Little-endian fields, one after the other. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes. */
  uint(width: 1 | 2 | 4 | 8, ...values: readonly number[]): this {
    for (const value of values) {
      const at = this.#take(width);
      if (width === 1) this.#view.setUint8(at, value);
      else if (width === 2) this.#view.setUint16(at, value, true);
      else if (width === 4) this.#view.setUint32(at, value, true);
      else this.#view.setBigUint64(at, BigInt(value), true);
    }
    return this;
  }

  /** An address that leads nowhere, or an extent without limit. */
  undefinedAddress(): this {
    return this.bytes(new Uint8Array(8).fill(0xff));
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#take(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this;
  }

  text(text: string): this {
    return this.bytes(encoder.encode(text));
  }

  zeros(count: number): this {
    this.#take(count);
    return this;
  }

  /** Zeros up to a multiple of 8 bytes. */
  align(): this {
    return this.zeros(-this.#length & 7);
  }

  /** What was written so far; shares no memory with what follows. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #take(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}
