import type { FileHandle } from 'node:fs/promises';
import { writeAll } from '@holdfast/files';

const blockBytes = 1_048_576;
/** From here on copying a chunk costs more than a call for it alone. */
const shortestDirectBytes = 131_072;

/**
 * Appends to a file in large blocks. Short chunks are gathered in two buffers, so that one is written while the
 * other is filled; a long one is written from where it lies, and its memory is free when `write` has ended.
 */
export class BlockWriter {
  readonly #file: FileHandle;
  #filling: Buffer | undefined;
  #spare: Buffer | undefined;
  #filledBytes = 0;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Takes a chunk in, and does other work meanwhile where it has to wait for the chunk itself. */
  async write(chunk: Uint8Array, meanwhile: () => void): Promise<void> {
    if (chunk.byteLength < shortestDirectBytes) return this.#gather(chunk);
    await this.#turn();
    await this.#begin(chunk);
    meanwhile();
    await this.#underWay;
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

  async #gather(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength;) {
      this.#filling ??= Buffer.allocUnsafeSlow(blockBytes);
      const part = chunk.subarray(taken, taken + blockBytes - this.#filledBytes);
      this.#filling.set(part, this.#filledBytes);
      this.#filledBytes += part.byteLength;
      taken += part.byteLength;
      if (this.#filledBytes === blockBytes) await this.#turn();
    }
  }

  /** Writes what was gathered, without waiting for it. */
  async #turn(): Promise<void> {
    if (this.#filling === undefined || this.#filledBytes === 0) return;
    const full = this.#filling.subarray(0, this.#filledBytes);
    await this.#begin(full);
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filledBytes = 0;
  }

  /** Begins to write when what is under way has ended. */
  async #begin(bytes: Uint8Array): Promise<void> {
    await this.#underWay;
    this.#underWay = writeAll(this.#file, bytes);
    // The error is thrown by whoever waits next; this keeps it from being called unhandled meanwhile.
    this.#underWay.catch(() => undefined);
  }
}
