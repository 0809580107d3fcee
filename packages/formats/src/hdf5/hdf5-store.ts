import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { fillExactly, readExactly } from '../source/read-exactly.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { defaultLimitBytes } from '../zip/zip-file.ts';
import { Hdf5Bytes, type Hdf5Widths } from './hdf5-bytes.ts';
import { lookup3 } from './hdf5-checksums.ts';
import { hdf5Error } from './hdf5-error.ts';

const pageBytes = 16 * 1024;
const mostPages = 512;

/** The bytes of an HDF5 file by address. Pages of metadata are kept, up to 8 MiB of them. */
export class Hdf5Store {
  readonly widths: Hdf5Widths;
  readonly options: OpenOptions;
  /** The most bytes that one value may have. */
  readonly limitBytes: number;
  readonly #source: ByteRangeSource;
  readonly #base: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(
    source: ByteRangeSource,
    place: Hdf5Widths & { readonly offset: number },
    options: OpenOptions,
  ) {
    this.#source = source;
    this.#base = place.offset;
    this.widths = { offsetBytes: place.offsetBytes, lengthBytes: place.lengthBytes };
    this.options = options;
    this.limitBytes = options.limitBytes ?? defaultLimitBytes;
  }

  /** The offset in the file of an address. */
  offsetOf(address: number): number {
    return this.#base + address;
  }

  /** The bytes from an address to the end of the file. */
  bytesFrom(address: number): number {
    return this.#source.sizeBytes - this.#base - address;
  }

  /** Metadata at an address. */
  async block(address: number, length: number): Promise<Hdf5Bytes> {
    this.check(address, length);
    const offset = this.offsetOf(address);
    const first = Math.floor(offset / pageBytes);
    if (length > pageBytes) return new Hdf5Bytes(await this.#read(offset, length), offset, this.widths);
    const page = await this.#page(first);
    const from = offset - first * pageBytes;
    if (from + length <= page.length)
      return new Hdf5Bytes(page.subarray(from, from + length), offset, this.widths);
    const joined = new Uint8Array(length);
    joined.set(page.subarray(from));
    const next = await this.#page(first + 1);
    joined.set(next.subarray(0, length - (page.length - from)), page.length - from);
    return new Hdf5Bytes(joined, offset, this.widths);
  }

  /** Metadata of which at least `least` bytes must exist; `most` are given where the file has them. */
  async upTo(address: number, least: number, most: number): Promise<Hdf5Bytes> {
    this.check(address, least);
    return this.block(address, Math.max(least, Math.min(most, this.bytesFrom(address))));
  }

  /** Metadata that ends with its check sum; what is given is without it. */
  async checked(address: number, length: number): Promise<Hdf5Bytes> {
    const block = await this.block(address, length + 4);
    const body = block.sub(length);
    if (block.uint(4) !== lookup3(body.bytes)) throw body.error('the check sum does not match', 0);
    return body;
  }

  /** Data at an address, which is not kept. */
  async data(address: number, length: number): Promise<Uint8Array> {
    this.check(address, length);
    return this.#read(this.offsetOf(address), length);
  }

  /** Data at an address, into memory of the caller's. */
  async fill(address: number, target: Uint8Array): Promise<void> {
    this.check(address, target.byteLength);
    await fillExactly(this.#source, target, { offset: this.offsetOf(address), signal: this.options.signal });
  }

  /** @throws FormatError where bytes at an address are past the end of the file. */
  check(address: number, length: number): void {
    if (length <= this.bytesFrom(address)) return;
    const offset = Math.min(this.offsetOf(address), this.#source.sizeBytes);
    throw hdf5Error(`${length} bytes at address ${address} are past the end of the file`, offset);
  }

  async #page(index: number): Promise<Uint8Array> {
    const known = this.#pages.get(index);
    if (known !== undefined) return known;
    const offset = index * pageBytes;
    const page = await this.#read(offset, Math.min(pageBytes, this.#source.sizeBytes - offset));
    if (this.#pages.size >= mostPages) this.#pages.delete(this.#pages.keys().next().value ?? 0);
    this.#pages.set(index, page);
    return page;
  }

  #read(offset: number, length: number): Promise<Uint8Array> {
    this.options.signal?.throwIfAborted();
    return readExactly(this.#source, { offset, length, signal: this.options.signal });
  }
}
