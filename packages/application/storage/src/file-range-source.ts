import type { FileHandle } from 'node:fs/promises';
import { readFully, readFullyAtOnce } from '@holdfast/files';
import type { ByteRangeSource } from '@holdfast/formats';
import { openLocalFile } from './open-local-file.ts';

/** A read of at most this size costs less than handing it to another thread. */
const mostBytesAtOnce = 4096;

/** How long small reads may follow each other before other work gets its turn. */
const turnMs = 2;

/**
 * Random access to a local file. Dispose it to close the file.
 *
 * Small reads are done at once, without another thread: parsers that hop from head to head spend their time on those.
 * After 2 ms of them, one read is left to another thread, so that a slow disk or a long file never holds up the process.
 */
export class FileRangeSource implements ByteRangeSource, AsyncDisposable {
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  #turnEndsAtMs = performance.now() + turnMs;

  private constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /**
   * @throws the system's error when the file is not there or cannot be read, when it is a folder (`EISDIR`),
   *   and when it is a pipe or a device (`ESPIPE`).
   */
  static async open(path: string): Promise<FileRangeSource> {
    const { file, sizeBytes } = await openLocalFile(path);
    return new FileRangeSource(file, sizeBytes);
  }

  /** The bytes from an offset on; fewer than asked for only at the end. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.sizeBytes - offset)));
    const filledBytes = await this.readInto(offset, bytes);
    return filledBytes === bytes.byteLength ? bytes : bytes.subarray(0, filledBytes);
  }

  /** Reads into memory of the caller's; returns how many bytes, fewer than it holds only at the end. */
  async readInto(offset: number, target: Uint8Array): Promise<number> {
    const dueBytes = Math.max(0, Math.min(target.byteLength, this.sizeBytes - offset));
    if (dueBytes <= mostBytesAtOnce && performance.now() < this.#turnEndsAtMs)
      return readFullyAtOnce(this.#file.fd, target.subarray(0, dueBytes), offset);
    const filledBytes = await readFully(this.#file, target.subarray(0, dueBytes), offset);
    this.#turnEndsAtMs = performance.now() + turnMs;
    return filledBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
