import type { FileHandle } from 'node:fs/promises';

const blockBytes = 1_048_576;

/**
 * Appends to a file in large blocks through two buffers, so that one is written while the other is filled.
 * Chunks are copied, as a source may use their memory again.
 */
export class BlockWriter {
  readonly #file: FileHandle;
  #filling = Buffer.allocUnsafeSlow(blockBytes);
  #spare = Buffer.allocUnsafeSlow(blockBytes);
  #filledBytes = 0;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength;) {
      const part = chunk.subarray(taken, taken + blockBytes - this.#filledBytes);
      this.#filling.set(part, this.#filledBytes);
      this.#filledBytes += part.byteLength;
      taken += part.byteLength;
      if (this.#filledBytes === blockBytes) await this.#turn();
    }
  }

  /** Writes what is left and waits for it. */
  async finish(): Promise<void> {
    await this.#turn();
    await this.#underWay;
  }

  /** Waits until nothing touches the file any more; what failed is somebody else's story by now. */
  async abandon(): Promise<void> {
    await this.#underWay.catch(() => undefined);
  }

  async #turn(): Promise<void> {
    await this.#underWay;
    const full = this.#filling.subarray(0, this.#filledBytes);
    this.#underWay = writeAll(this.#file, full);
    // The error is thrown by the next turn or by `finish`; this keeps it from being called unhandled meanwhile.
    this.#underWay.catch(() => undefined);
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filledBytes = 0;
  }
}

/** Writes all of a buffer: a single write may take less, and says so only by its count. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written);
    written += bytesWritten;
  }
}
