import { ScratchFile } from '@holdfast/files';
import { failureError } from './to-storage-error.ts';

/**
 * Where an upload waits until it is whole. The server takes an artifact in one request only, and one that breaks has to
 * be sent again from its beginning.
 */
export class UploadSpool implements AsyncDisposable {
  readonly #file: ScratchFile;

  private constructor(file: ScratchFile) {
    this.#file = file;
  }

  /** @throws RequestFailureError `invalid-configuration` when nothing can be written to the folder. */
  static async open(folder?: string): Promise<UploadSpool> {
    try {
      return new UploadSpool(await ScratchFile.open(folder));
    } catch (error) {
      throw failureError(
        {
          code: 'invalid-configuration',
          what: 'large uploads cannot wait in the spool folder',
          hint: 'Set spoolFolder to a folder that can be written to.',
        },
        error,
      );
    }
  }

  /** @throws RequestFailureError `quota-exceeded` when the disk is full. */
  async write(bytes: Uint8Array, offset: number): Promise<void> {
    try {
      await this.#file.write(bytes, offset);
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
  read(): AsyncIterable<Uint8Array> {
    return this.#file.chunks();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
