import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureError } from './to-storage-error.ts';

const readBytes = 1_048_576;

/**
 * Where an upload waits until it is whole: a file without a name, so that nothing stays behind however the process
 * ends. The server takes an artifact in one request only, and one that breaks has to be sent again from its beginning.
 */
export class UploadSpool {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws CloudFailureError `invalid-configuration` when nothing can be written to the folder. */
  static async open(parentFolder: string = tmpdir()): Promise<UploadSpool> {
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(parentFolder, 'holdfast-upload-'));
      const { O_RDWR, O_CREAT, O_EXCL } = constants;
      return new UploadSpool(await open(join(folder, 'bytes'), O_RDWR | O_CREAT | O_EXCL, 0o600));
    } catch (error) {
      throw failureError(
        {
          code: 'invalid-configuration',
          what: 'large uploads cannot wait in the spool folder',
          hint: 'Set spoolFolder to a folder that can be written to.',
        },
        error,
      );
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }

  /** @throws CloudFailureError `quota-exceeded` when the disk is full. */
  async write(bytes: Uint8Array, offset: number): Promise<void> {
    try {
      for (let written = 0; written < bytes.byteLength;) {
        const { bytesWritten } = await this.#file.write(bytes, written, null, offset + written);
        written += bytesWritten;
      }
    } catch (error) {
      throw failureError(
        {
          code: 'quota-exceeded',
          what: 'an upload does not fit into the spool folder of this machine',
          hint: 'Make room there, or set spoolFolder to a folder with more.',
        },
        error,
      );
    }
  }

  /** The bytes, from the first one; chunks are lent. */
  async *read(sizeBytes: number): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, sizeBytes));
    for (let offset = 0; offset < sizeBytes;) {
      const { bytesRead } = await this.#file.read(buffer, 0, Math.min(readBytes, sizeBytes - offset), offset);
      if (bytesRead === 0) throw new RangeError('A spooled upload is shorter than it was.');
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
