import { type FileHandle, open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileLockManager } from '@holdfast/adapter-kit';
import { assertFree, publishOnce, renamePatiently, syncFolder, writeAll } from '@holdfast/files';
import type { Lock, LockManager } from '@holdfast/ports';
import { atPlace } from './to-hdf5-error.ts';

/** How a file is written that takes the place of another, or of none. */
export interface WriteHdf5Options {
  /** `create` refuses a file that exists; `replace` takes its place once the new one is whole. @default 'create' */
  readonly mode?: 'create' | 'replace' | undefined;
  /**
   * What keeps writers of one file apart. @default locks of the system on the empty file `.NAME.lock` in the folder of the
   * file, which stays and may be deleted while no program writes
   */
  readonly locks?: LockManager | undefined;
  /** How long to wait for another writer of the file, in milliseconds; 0 fails with `locked` at once. @default Infinity */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file that is written beside its place, and moved there when it is whole and on the disk. What is left of a writer that
 * was killed is overwritten by the next writer of the same file.
 */
export class NewFile implements AsyncDisposable {
  readonly path: string;
  /** Where it is written. */
  readonly temporaryPath: string;
  readonly #lock: Lock;
  readonly #mode: 'create' | 'replace';
  #file: FileHandle | undefined;
  #isPublished = false;

  private constructor(path: string, lock: Lock, mode: 'create' | 'replace') {
    this.path = path;
    this.temporaryPath = temporaryPathOf(path);
    this.#lock = lock;
    this.#mode = mode;
  }

  /** Takes the lock. @throws Hdf5Error `locked`, `already-exists`, `permission-denied`. */
  static async begin(path: string, options: WriteHdf5Options): Promise<NewFile> {
    const { mode = 'create', waitMs, signal } = options;
    return atPlace({ file: path }, async () => {
      if (mode === 'create') await assertFree(path);
      const locks = options.locks ?? new FileLockManager({ folder: dirname(path) });
      const lock = await locks.acquire(basename(path), { waitMs, signal });
      return new NewFile(path, lock, mode);
    });
  }

  /** Begins an empty file. */
  async open(): Promise<void> {
    this.#file = await atPlace({ file: this.path }, () => open(this.temporaryPath, 'w', 0o644));
  }

  /** Writes bytes at a position. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.#lock.lost.throwIfAborted();
    if (this.#file !== undefined) await writeAll(this.#file, bytes, position);
  }

  /** Syncs the file and gives it its name. */
  async publish(): Promise<void> {
    this.#lock.lost.throwIfAborted();
    const file = this.#file ?? (await open(this.temporaryPath, 'r+'));
    this.#file = undefined;
    await file.sync().finally(() => file.close());
    await (this.#mode === 'create' ? publishOnce : renamePatiently)(this.temporaryPath, this.path);
    this.#isPublished = true;
    await syncFolder(dirname(this.path));
  }

  /** Gives back the lock; what was not published is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    if (!this.#isPublished) await unlink(this.temporaryPath).catch(() => undefined);
    await this.#lock[Symbol.asyncDispose]();
  }
}

function temporaryPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.writing`);
}
