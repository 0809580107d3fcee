import type { FormatError } from '../format-error.ts';
import { hdf5Error } from './hdf5-error.ts';

/** How wide addresses and lengths are in a file, in bytes. */
export interface Hdf5Widths {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a file, read from the first to the last. */
export class Hdf5Bytes {
  readonly bytes: Uint8Array;
  /** Offset in the file of the first byte. */
  readonly start: number;
  readonly widths: Hdf5Widths;
  at = 0;

  constructor(bytes: Uint8Array, start: number, widths: Hdf5Widths) {
    this.bytes = bytes;
    this.start = start;
    this.widths = widths;
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** An unsigned integer of a width. */
  uint(width: number): number {
    const bytes = this.take(width);
    let value = 0;
    for (let index = width - 1; index >= 0; index -= 1) value = value * 256 + (bytes[index] ?? 0);
    if (value > Number.MAX_SAFE_INTEGER) throw this.error('a number is too large', this.at - width);
    return value;
  }

  /** The address of something, counted from the user block's end; `undefined` where it was never written. */
  address(): number | undefined {
    const { offsetBytes } = this.widths;
    if (this.left >= offsetBytes && this.#isUndefined(offsetBytes)) {
      this.at += offsetBytes;
      return undefined;
    }
    return this.uint(offsetBytes);
  }

  /** The address of something that must exist. */
  dueAddress(what: string): number {
    const address = this.address();
    if (address === undefined) throw this.error(`${what} has no address`, this.at - this.widths.offsetBytes);
    return address;
  }

  length(): number {
    return this.uint(this.widths.lengthBytes);
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw this.error(`${count} bytes are needed where ${this.left} are left`, this.at);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  skip(count: number): this {
    this.take(count);
    return this;
  }

  /** The next bytes, to be read apart. */
  sub(count: number): Hdf5Bytes {
    const start = this.start + this.at;
    return new Hdf5Bytes(this.take(count), start, this.widths);
  }

  /** Text up to a zero, which is skipped. */
  terminatedText(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw this.error('a text has no end', this.at);
    const text = this.text(end - this.at);
    this.at += 1;
    return text;
  }

  text(count: number): string {
    const at = this.at;
    try {
      return decoder.decode(this.take(count));
    } catch (error) {
      if (error instanceof TypeError) throw this.error('a name is not valid UTF-8', at);
      throw error;
    }
  }

  /** Requires the signature of a structure, and its version. */
  expect(signature: string, version: number): this {
    const found = String.fromCharCode(...this.take(4));
    if (found !== signature) throw this.error(`a structure ${signature} is expected here`, this.at - 4);
    const foundVersion = this.uint(1);
    if (foundVersion !== version)
      throw this.error(`version ${foundVersion} of ${signature} is unknown`, this.at - 1);
    return this;
  }

  error(reason: string, at: number = this.at): FormatError {
    return hdf5Error(reason, this.start + at);
  }

  #isUndefined(width: number): boolean {
    for (let index = 0; index < width; index += 1) if (this.bytes[this.at + index] !== 0xff) return false;
    return true;
  }
}
