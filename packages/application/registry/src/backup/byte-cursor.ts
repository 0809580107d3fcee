import type { StorageError } from '@holdfast/ports';
import { damagedBackup } from './backup-error.ts';

/** Reads a stream in parts of known lengths. Chunks are lent: a part is used up before the next is asked for. */
export class ByteCursor implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes were read. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws StorageError `corrupt` when the stream ends before. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    for await (const part of this.stream(length)) {
      bytes.set(part, filled);
      filled += part.byteLength;
    }
    return bytes;
  }

  /** @throws StorageError `corrupt` when the stream ends before. */
  async *stream(length: number): AsyncIterable<Uint8Array> {
    for (let left = length; left > 0;) {
      if (!(await this.#fill())) throw endsEarly(this.#offset);
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.byteLength);
      this.#offset += part.byteLength;
      left -= part.byteLength;
      yield part;
    }
  }

  /** @throws StorageError `corrupt` when anything but zeros is left. */
  async expectZerosToEnd(): Promise<void> {
    while (await this.#fill()) {
      if (this.#rest.some((byte) => byte !== 0)) throw damagedBackup('there is data after its end');
      this.#offset += this.#rest.byteLength;
      this.#rest = new Uint8Array();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}

/** The shortest backup has several blocks of a tar archive. */
function endsEarly(afterBytes: number): StorageError {
  return damagedBackup(
    afterBytes < 512
      ? `it ends after ${afterBytes} bytes, or it is not a backup`
      : `it ends after ${afterBytes} bytes, in the middle`,
  );
}
