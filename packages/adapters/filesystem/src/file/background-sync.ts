import type { FileHandle } from 'node:fs/promises';

const distanceBytes = 33_554_432;

/** Has a long file synced while it is written, so that the last sync finds little left to do. */
export class BackgroundSync {
  readonly #file: FileHandle;
  #unsyncedBytes = 0;
  #underWay: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Tells that more was written. */
  advance(sizeBytes: number): void {
    this.#unsyncedBytes += sizeBytes;
    if (this.#unsyncedBytes < distanceBytes) return;
    this.#unsyncedBytes = 0;
    this.#underWay = this.#underWay.then(() => this.#file.datasync());
    // The error is thrown by `finish`: the system tells it once, and the last sync would succeed.
    this.#underWay.catch(() => undefined);
  }

  /** Syncs all that was written. */
  async finish(): Promise<void> {
    await this.#underWay;
    await this.#file.sync();
  }

  /** Waits until nothing touches the file any more. */
  async abandon(): Promise<void> {
    await this.#underWay.catch(() => undefined);
  }
}
