const encoder = new TextEncoder();

/** A text that grows, as bytes of UTF-8. */
export class TextBuffer {
  #bytes: Uint8Array = new Uint8Array(262_144);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** What was written; valid until something else is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.#length += encoder.encodeInto(text.slice(index), this.#bytes.subarray(this.#length)).written;
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
  }

  /** A whole number from 0 up. */
  integer(value: number): void {
    this.#reserve(20);
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      const quotient = Math.floor(rest / 10);
      this.#bytes[at] = 0x30 + rest - quotient * 10;
      rest = quotient;
    }
    this.#length += digits;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.bytes);
    this.#bytes = grown;
  }
}
