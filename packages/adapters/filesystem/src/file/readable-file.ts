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
  #usesUnderWay = 0;
  #closing: PromiseWithResolvers<void> | undefined;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static async open(path: PathLike, flags: string | number = 'r'): Promise<ReadableFile> {
    return new ReadableFile(await openFile(path, flags));
  }

  /** Reads into memory from a position in the file on; answers how many bytes that were, none at its end. */
  read(into: Uint8Array, position: number): Promise<number> {
    return this.#use(
      (descriptor) =>
        new Promise((resolve, reject) => {
          read(descriptor, into, 0, into.byteLength, position, (error, bytesRead) => {
            if (error === null) resolve(bytesRead);
            else reject(error);
          });
        }),
    );
  }

  stat(): Promise<BigIntStats> {
    return this.#use((descriptor) => statFile(descriptor, { bigint: true }));
  }

  async #use<T>(work: (descriptor: number) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw Object.assign(new Error('The file is closed.'), { code: 'EBADF' });
    this.#usesUnderWay++;
    try {
      return await work(this.#descriptor);
    } finally {
      this.#usesUnderWay--;
      if (this.#closing !== undefined && this.#usesUnderWay === 0) this.#free();
    }
  }

  /** Closes the file once what is under way has ended: its number may be another file's after that. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = Promise.withResolvers();
      if (this.#usesUnderWay === 0) this.#free();
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
