import { type BigIntStats, type PathLike, closeSync, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const statFile = promisify(fstat);

/**
 * A file that is only read. Closing it writes nothing and so waits for nothing: it is not sent to another thread,
 * which for a short file would cost more than the reading.
 */
export class ReadableFile {
  readonly #descriptor: number;
  #readsUnderWay = 0;
  #closing: PromiseWithResolvers<void> | undefined;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static async open(path: PathLike, flags: string | number = 'r'): Promise<ReadableFile> {
    return new ReadableFile(await openFile(path, flags));
  }

  /** Reads into memory from a position in the file on; answers how many bytes that were, none at its end. */
  read(into: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        reject(Object.assign(new Error('The file is closed.'), { code: 'EBADF', syscall: 'read' }));
        return;
      }
      this.#readsUnderWay++;
      read(this.#descriptor, into, 0, into.byteLength, position, (error, bytesRead) => {
        this.#readsUnderWay--;
        if (this.#closing !== undefined && this.#readsUnderWay === 0) this.#free();
        if (error === null) resolve(bytesRead);
        else reject(error);
      });
    });
  }

  stat(): Promise<BigIntStats> {
    return statFile(this.#descriptor, { bigint: true });
  }

  /** Closes the file once what is under way has ended: its number may be another file's after that. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = Promise.withResolvers();
      if (this.#readsUnderWay === 0) this.#free();
    }
    return this.#closing.promise;
  }

  #free(): void {
    try {
      closeSync(this.#descriptor);
      this.#closing?.resolve();
    } catch (error) {
      this.#closing?.reject(error);
    }
  }
}
