import type { OnProgress, TransferProgress } from '@holdfast/storage';

/** Adds up what several files report into one progress, phase by phase: it never goes back, and ends at the total. */
export class FolderProgress {
  readonly #sizes: readonly number[];
  readonly #totalBytes: number;
  readonly #report: OnProgress;
  readonly #phases = new Map<TransferProgress['phase'], { readonly bytes: number[]; doneBytes: number }>();

  constructor(sizes: readonly number[], report: OnProgress) {
    this.#sizes = sizes;
    this.#totalBytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#report = report;
  }

  /** Takes what one file reports. */
  advance(index: number, { phase, bytes }: Pick<TransferProgress, 'phase' | 'bytes'>): void {
    const done = this.#phases.get(phase) ?? { bytes: this.#sizes.map(() => 0), doneBytes: 0 };
    this.#phases.set(phase, done);
    const before = done.bytes[index] ?? 0;
    if (bytes <= before) return;
    done.bytes[index] = bytes;
    done.doneBytes += bytes - before;
    this.#report({ phase, bytes: done.doneBytes, totalBytes: this.#totalBytes });
  }

  /** Counts a file as written: one that was in the store already is not sent. */
  finish(index: number): void {
    this.advance(index, { phase: 'write', bytes: this.#sizes[index] ?? 0 });
  }
}
