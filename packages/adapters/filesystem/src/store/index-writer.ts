import { type BusyOptions, diskFailureOf, retryWhileBusy, sqliteResultOf } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { eventLoopTurn } from './event-loop-turn.ts';
import type { ObjectIndex } from './object-index.ts';

/** One step of a transaction. It throws before it changes anything, or not at all. */
interface Write {
  readonly apply: () => unknown;
  readonly succeed: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** Most writes in one transaction: with bodies of the default limit, 1 MiB keeps the event loop waiting at once. */
const maximumGroupSize = 64;

/**
 * Decides and commits writes to an index. Writes that are ready together share one transaction, and so one
 * sync of the disk; each is decided inside it, and a refused one does not disturb the others.
 */
export class IndexWriter {
  readonly #index: ObjectIndex;
  readonly #options: BusyOptions;
  #waiting: Write[] = [];
  #isRunning = false;

  constructor(index: ObjectIndex, options: BusyOptions) {
    this.#index = index;
    this.#options = options;
  }

  /**
   * Runs `apply` inside a write transaction and answers once that is on the disk.
   *
   * @throws BusyTimeoutError when other writers hold the index for longer than `busyTimeoutMs`,
   *   and StorageError `indeterminate` when the commit failed in a way that leaves its outcome open.
   */
  write<T>(apply: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ apply, succeed: (value) => resolve(value as T), fail: reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // Everything that is ready now joins the transaction.
      await eventLoopTurn();
      const group = this.#waiting.splice(0, maximumGroupSize);
      try {
        await retryWhileBusy(() => this.#transact(group), this.#options);
      } catch (error) {
        for (const write of group) write.fail(error);
      }
    }
    this.#isRunning = false;
  }

  /** Begins, applies and commits without giving way, so that nobody else meets the open transaction. */
  #transact(group: readonly Write[]): void {
    this.#index.begin();
    const outcomes: (() => void)[] = [];
    let isCommitting = false;
    try {
      for (const write of group) outcomes.push(attempt(write));
      isCommitting = true;
      this.#index.commit();
    } catch (error) {
      this.#rollback();
      const reason = isCommitting && !isRefused(error) ? unknownOutcome(error) : error;
      for (const write of group) write.fail(reason);
      return;
    }
    for (const settle of outcomes) settle();
  }

  #rollback(): void {
    try {
      this.#index.rollback();
    } catch {
      // SQLite rolls back by itself after the errors that make this fail; the first error is the one to tell.
    }
  }
}

/** Applies a write; a refusal is kept for it alone, any other error ends the whole transaction. */
function attempt(write: Write): () => void {
  try {
    const value = write.apply();
    return () => write.succeed(value);
  } catch (error) {
    if (!StorageError.isInstance(error)) throw error;
    return () => write.fail(error);
  }
}

/** Without room, the last page of a commit was not written, and nothing before it counts. */
function isRefused(error: unknown): boolean {
  const result = sqliteResultOf(error);
  return result !== undefined && diskFailureOf(result) === 'full';
}

function unknownOutcome(cause: unknown): StorageError {
  return new StorageError({
    code: 'indeterminate',
    operation: 'write the index',
    backend: StorageBackend.LocalFilesystem,
    message: 'The commit failed on its way to the disk, so it is not known whether it happened.',
    hint: 'Check the disk, then read the object before you write it again.',
    cause,
  });
}
