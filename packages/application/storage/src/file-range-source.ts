import type { FileHandle } from 'node:fs/promises';
import type { ByteRangeSource } from '@holdfast/formats';
import { openLocalFile } from './open-local-file.ts';

/** Random access to a local file. Dispose it to close the file. */
export class FileRangeSource implements ByteRangeSource, AsyncDisposable {
  readonly sizeBytes: number;
  readonly #file: FileHandle;

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
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.sizeBytes - offset)));
    return buffer.subarray(0, await this.readInto(offset, buffer));
  }

  /** Reads into memory of the caller's; returns how many bytes, fewer than it holds only at the end. */
  async readInto(offset: number, target: Uint8Array): Promise<number> {
    const dueBytes = Math.max(0, Math.min(target.byteLength, this.sizeBytes - offset));
    let filledBytes = 0;
    while (filledBytes < dueBytes) {
      const { bytesRead } = await this.#file.read(
        target,
        filledBytes,
        dueBytes - filledBytes,
        offset + filledBytes,
      );
      if (bytesRead === 0) break;
      filledBytes += bytesRead;
    }
    return filledBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
