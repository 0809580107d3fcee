import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { StorageBackend } from '@holdfast/domain';
import {
  type AcquireOptions,
  cancelled,
  type Lock,
  type LockManager,
  type OperationContext,
  StorageError,
  type StorageErrorCode,
} from '@holdfast/ports';
import { SqliteResultCode } from '../sqlite/sqlite-result-code.ts';

/** Settings of {@link FileLockManager}. */
export interface FileLockManagerOptions {
  /** The folder of the lock files; it must exist. */
  readonly folder: string;
}

const longestWaitMs = 20;
const mostNameLength = 512;
const mostFileNameLength = 200;

/**
 * Locks for the processes of one machine: a lock is one that the system keeps on an SQLite file, so that it goes when its
 * holder ends, however that ends. Where a network file system does not keep locks between machines, neither does this.
 *
 * A lock file is empty and stays: removing it while a process waits for it would let two hold the lock. It may be deleted
 * when none does.
 */
export class FileLockManager implements LockManager {
  readonly #folder: string;
  readonly #held = new Set<Lock>();
  #isClosed = false;

  constructor({ folder }: FileLockManagerOptions) {
    this.#folder = folder;
  }

  async acquire(
    name: string,
    { waitMs = Number.POSITIVE_INFINITY, signal }: AcquireOptions = {},
  ): Promise<Lock> {
    const context = { operation: 'acquire', backend: StorageBackend.LocalFilesystem, key: name };
    this.#check(name, context);
    const path = join(this.#folder, fileName(name));
    const endsAtMs = performance.now() + waitMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(longestWaitMs, 2 * pauseMs)) {
      if (signal?.aborted === true) throw cancelled(signal, context);
      const database = tryLock(path, context);
      if (database !== undefined) return this.#hold(name, database);
      const leftMs = endsAtMs - performance.now();
      if (leftMs <= 0) throw locked(context, waitMs);
      await setTimeout(Math.min(pauseMs, leftMs), undefined, { signal }).catch((error: unknown) => {
        throw signal?.aborted === true ? cancelled(signal, context) : error;
      });
      this.#check(name, context);
    }
  }

  /** Gives back what is held. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const lock of this.#held) await lock[Symbol.asyncDispose]();
  }

  #hold(name: string, database: DatabaseSync): Lock {
    const lock: Lock = {
      name,
      lost: new AbortController().signal,
      [Symbol.asyncDispose]: async () => {
        if (!this.#held.delete(lock)) return;
        database.close();
      },
    };
    this.#held.add(lock);
    return lock;
  }

  #check(name: string, context: OperationContext): void {
    const fail = (message: string): never => {
      throw new StorageError({ ...context, code: 'invalid-argument', message });
    };
    if (this.#isClosed) fail('The lock manager was disposed.');
    if (name === '' || name.length > mostNameLength || /\p{Cc}/u.test(name))
      fail(
        `The name of a lock must have 1 to ${mostNameLength} characters, none of them a control character.`,
      );
  }
}

/** Takes the lock if it is free. */
function tryLock(path: string, context: OperationContext): DatabaseSync | undefined {
  const database = open(path, context);
  try {
    if (begin(database, context)) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function open(path: string, context: OperationContext): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw failure(error, context);
  }
}

function begin(database: DatabaseSync, context: OperationContext): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (codeOf(error) === SqliteResultCode.Busy) return false;
    throw failure(error, context);
  }
}

function fileName(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll('*', '%2A');
  const isShort = encoded.length <= mostFileNameLength;
  return `.${isShort ? encoded : createHash('sha256').update(name).digest('hex')}.lock`;
}

function locked({ key = '', ...context }: OperationContext, waitMs: number): StorageError {
  return new StorageError({
    ...context,
    key,
    code: 'locked',
    retry: 'temporary',
    message: `${key} is locked by another writer${waitMs > 0 ? `, and was for ${waitMs} ms` : ''}.`,
    hint: 'Wait for the other writer to end, or allow more time.',
  });
}

/** What SQLite says of files that it may not open or write, and of disks that fail. */
const failures: ReadonlyMap<number, StorageErrorCode> = new Map([
  [3, 'permission-denied'],
  [8, 'permission-denied'],
  [10, 'unavailable'],
  [14, 'permission-denied'],
]);

function codeOf(error: unknown): number {
  return ((error as { readonly errcode?: number }).errcode ?? 0) & 0xff;
}

function failure(error: unknown, context: OperationContext): StorageError {
  const hint = 'The folder of the locks must exist, and this user must be able to write to it.';
  const message = `The lock file of ${context.key} cannot be used: ${(error as Error).message}.`;
  const code = failures.get(codeOf(error)) ?? 'unexpected';
  return new StorageError({ ...context, code, hint, message, cause: error });
}
