import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, rmSync, statSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What a command does with the room that is kept beside a database: `keep` makes it, `use` gives it away where the disk
 * is full, and makes it again at the end.
 */
export type ReserveUse = 'keep' | 'use';

/** As much as small transactions and the index of the log need. */
const reserveBytes = 1_048_576;

/** On a disk with less room than this the reserve itself would leave none. */
const leastRoomBytes = 1.25 * reserveBytes;

/**
 * Room on the disk of a database, in a file `<database>-reserve` of bytes that no file system makes smaller. Without
 * it a full disk could not be emptied: SQLite needs room to write down what is removed.
 */
export class DiskReserve {
  readonly #path: string;
  readonly #mode: number;

  constructor(databasePath: string, mode: number) {
    this.#path = `${databasePath}-reserve`;
    this.#mode = mode;
  }

  /** Makes the reserve where there is none and the disk has room for it. What fails leaves none. */
  keep(): void {
    if (statSync(this.#path, { throwIfNoEntry: false }) !== undefined) return;
    try {
      if (freeBytes(this.#path) >= leastRoomBytes) this.#make();
    } catch {
      this.#remove();
    }
  }

  /** Gives the room away if the disk is full; answers whether it did. */
  release(): boolean {
    const isThere = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    if (!isThere || freeBytes(this.#path) >= reserveBytes) return false;
    this.#remove();
    return true;
  }

  #make(): void {
    const file = openSync(this.#path, 'wx', this.#mode);
    try {
      const written = writeSync(file, randomFillSync(Buffer.allocUnsafe(reserveBytes)));
      if (written < reserveBytes) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
    } finally {
      closeSync(file);
    }
  }

  #remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}
