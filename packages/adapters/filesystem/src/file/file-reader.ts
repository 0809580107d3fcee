import type { ResolvedRange } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type ObjectInfo, type ObjectReader, StorageError } from '@holdfast/ports';
import { blockBytes, borrowBlock, giveBackBlock } from './block-pool.ts';
import type { ReadableFile } from './readable-file.ts';

/** Shorter parts are read into memory of their own: a whole block would be too much for them. */
const shortestPooledBytes = 65_536;

export interface FileReaderOptions {
  readonly range: ResolvedRange;
  /** Called when the range was read: throws if another program wrote to the file meanwhile. */
  readonly assertUnchanged?: (() => Promise<void>) | undefined;
}

/**
 * Reads a part of an open data file, in one piece where it fits into a block. A longer one goes through two blocks:
 * one is filled while the other is out on loan.
 */
export class FileReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  readonly body: AsyncIterable<Uint8Array>;
  readonly bytes?: () => Promise<Uint8Array>;
  readonly #file: ReadableFile;
  readonly #assertUnchanged: () => void | Promise<void>;

  constructor(file: ReadableFile, info: ObjectInfo, options: FileReaderOptions) {
    const { range, assertUnchanged } = options;
    this.#file = file;
    this.info = info;
    this.range = range;
    this.#assertUnchanged = assertUnchanged ?? (() => undefined);
    const isShort = range.length <= blockBytes;
    this.body = isShort ? this.#readShort() : this.#readAhead();
    if (isShort) this.bytes = () => this.#readAtOnce();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }

  async #readAtOnce(): Promise<Uint8Array> {
    const { offset, length } = this.range;
    const bytes = Buffer.allocUnsafeSlow(length);
    try {
      for (let filled = 0; filled < length;) {
        const chunk = await this.#fill(bytes.subarray(filled), offset + filled, offset + length);
        filled += chunk.byteLength;
      }
      await this.#assertUnchanged();
      return bytes;
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async *#readShort(): AsyncIterable<Uint8Array> {
    const { offset, length } = this.range;
    const isPooled = length >= shortestPooledBytes;
    const buffer = isPooled ? borrowBlock() : Buffer.allocUnsafe(length);
    try {
      for (let position = offset; position < offset + length;) {
        const chunk = await this.#fill(buffer, position, offset + length);
        position += chunk.byteLength;
        yield chunk;
      }
      await this.#assertUnchanged();
    } finally {
      if (isPooled) giveBackBlock(buffer);
      await this[Symbol.asyncDispose]();
    }
  }

  async *#readAhead(): AsyncIterable<Uint8Array> {
    const end = this.range.offset + this.range.length;
    let [free, lent] = [borrowBlock(), borrowBlock()];
    let next = this.#begin(free, this.range.offset, end);
    try {
      for (let position = this.range.offset; position < end;) {
        const chunk = await next;
        position += chunk.byteLength;
        [free, lent] = [lent, free];
        next = this.#begin(free, position, end);
        yield chunk;
      }
      await this.#assertUnchanged();
    } finally {
      await next.catch(() => undefined);
      giveBackBlock(free);
      giveBackBlock(lent);
      await this[Symbol.asyncDispose]();
    }
  }

  /** Reads ahead: what fails is thrown when it is asked for, and is not unhandled while a chunk is out on loan. */
  #begin(buffer: Buffer, position: number, end: number): Promise<Uint8Array> {
    const filling = this.#fill(buffer, position, end);
    filling.catch(() => undefined);
    return filling;
  }

  /** Reads the next block; nothing at the end of the range. */
  async #fill(buffer: Buffer, position: number, end: number): Promise<Uint8Array> {
    const length = Math.min(buffer.byteLength, end - position);
    if (length === 0) return buffer.subarray(0, 0);
    const bytesRead = await this.#file.read(buffer.subarray(0, length), position);
    if (bytesRead === 0) throw this.#truncated(position);
    return buffer.subarray(0, bytesRead);
  }

  #truncated(position: number): StorageError {
    return new StorageError({
      code: 'corrupt',
      operation: 'get',
      backend: StorageBackend.LocalFilesystem,
      key: this.info.key,
      message: `The data file ends at byte ${position}; the object has ${this.info.sizeBytes}.`,
      hint: 'Put the object again, or restore the store from a backup.',
    });
  }
}
