import type { Digest } from '@holdfast/domain';

/** What a publication does to a store, so that it can be undone: which digests it wrote, or may have written. */
export class ContentLog {
  readonly #unanswered = new Map<Digest, number>();
  readonly #written = new Set<Digest>();

  /** The digests whose bytes were not in the store before, or may not have been: their writing has not answered. */
  get written(): readonly Digest[] {
    return [...this.#unanswered]
      .filter(([digest, count]) => count > 0 || this.#written.has(digest))
      .map(([digest]) => digest);
  }

  /** A digest is about to be looked for, and written if need be. */
  begin(digest: Digest): void {
    this.#unanswered.set(digest, (this.#unanswered.get(digest) ?? 0) + 1);
  }

  /** A digest is in the store. */
  end(digest: Digest, isDuplicate: boolean): void {
    this.#unanswered.set(digest, (this.#unanswered.get(digest) ?? 1) - 1);
    if (!isDuplicate) this.#written.add(digest);
  }

  /** Whether the bytes of a digest were written, and not there already. */
  isWritten(digest: Digest): boolean {
    return this.#written.has(digest);
  }
}
