import { fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { readFullyAtOnce } from '@holdfast/files';
import type { ByteRangeReadOptions, ByteRangeSource } from '@holdfast/formats';
import { Hdf5Error } from './hdf5-error.ts';
import { atPlace } from './to-hdf5-error.ts';
import { TurnTaker } from './turn-taker.ts';

/**
 * A local file that is read in place: a read costs less than handing it to another thread, and other work of the process
 * gets its turn every 10 ms.
 */
export class LocalSource implements ByteRangeSource, AsyncDisposable {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  readonly #modifiedMs: number;
  readonly #turn = new TurnTaker();

  private constructor(
    path: string,
    file: FileHandle,
    found: { readonly size: number; readonly mtimeMs: number },
  ) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = found.size;
    this.#modifiedMs = found.mtimeMs;
  }

  /** @throws Hdf5Error `not-found`, `permission-denied`, and `invalid-argument` for what is no file. */
  static open(path: string): Promise<LocalSource> {
    return atPlace({ file: path }, async () => {
      const file = await open(path, 'r');
      const found = fstatSync(file.fd);
      if (found.isFile()) return new LocalSource(path, file, found);
      await file.close();
      const reason = found.isDirectory() ? 'is a folder, not a file' : 'is a pipe or a device, not a file';
      throw new Hdf5Error({ code: 'invalid-argument', file: path, reason });
    });
  }

  /** The number of the open file, for the threads of this process. */
  get descriptor(): number {
    return this.#file.fd;
  }

  /** Whether another process wrote to the file since it was opened. */
  isChanged(): boolean {
    const { size, mtimeMs } = fstatSync(this.#file.fd);
    return size !== this.sizeBytes || mtimeMs !== this.#modifiedMs;
  }

  /** Fills memory from an offset on. */
  fill(offset: number, target: Uint8Array): void {
    const filledBytes = readFullyAtOnce(this.#file.fd, target, offset);
    if (filledBytes === target.byteLength) return;
    const reason = `ends at byte ${offset + filledBytes} where ${target.byteLength - filledBytes} more are due`;
    const hint = 'The file was cut short since it was opened; fetch it again, or write it again.';
    throw new Hdf5Error({ code: 'corrupt', file: this.path, reason, hint });
  }

  async read(offset: number, length: number, options: ByteRangeReadOptions = {}): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.sizeBytes - offset)));
    const filledBytes = await this.readInto(offset, bytes, options);
    return filledBytes === bytes.byteLength ? bytes : bytes.subarray(0, filledBytes);
  }

  async readInto(offset: number, target: Uint8Array, { signal }: ByteRangeReadOptions = {}): Promise<number> {
    if (this.#turn.isOver) await this.#turn.pass(signal);
    return readFullyAtOnce(this.#file.fd, target, offset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
