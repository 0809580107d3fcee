import { retryWhileBusy } from '@holdfast/adapter-kit';
import type { DataFiles } from './data-files.ts';
import type { ObjectIndex } from './object-index.ts';

export interface UnusedFilesOptions {
  /** Whether a commit is on the disk when it returns. */
  readonly areCommitsSynced: boolean;
  readonly busyTimeoutMs: number;
}

/** How many files wait for a checkpoint at most. */
const mostWaiting = 64;

/**
 * Removes data files whose records are gone. Where commits are not synced, a power cut could bring such a record
 * back, so its file goes only after a checkpoint that covers the deletion. What cannot be removed now harms nobody:
 * the collector takes it.
 */
export class UnusedFiles {
  readonly #index: ObjectIndex;
  readonly #data: DataFiles;
  readonly #options: UnusedFilesOptions;
  readonly #waiting: string[] = [];

  constructor(index: ObjectIndex, data: DataFiles, options: UnusedFilesOptions) {
    this.#index = index;
    this.#data = data;
    this.#options = options;
  }

  /** Takes files that no record refers to since the last commit. */
  async release(dataIds: readonly (string | undefined)[]): Promise<void> {
    this.#waiting.push(...dataIds.filter((dataId) => dataId !== undefined));
    if (this.#options.areCommitsSynced) await this.#remove(this.#take());
    else if (this.#waiting.length >= mostWaiting) await this.flush();
  }

  /** Removes what waits, if a checkpoint can be had. The files that took its place are made to stay first. */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    // What is released from here on is not covered by this checkpoint.
    const dataIds = this.#take();
    try {
      await this.#data.syncFolders();
      if (await retryWhileBusy(() => this.#index.checkpoint(), this.#options))
        return await this.#remove(dataIds);
    } catch {
      // Nothing is removed then.
    }
    this.#waiting.push(...dataIds);
  }

  #take(): readonly string[] {
    return this.#waiting.splice(0);
  }

  async #remove(dataIds: readonly string[]): Promise<void> {
    for (const dataId of dataIds) await this.#data.remove(dataId).catch(() => undefined);
  }
}
