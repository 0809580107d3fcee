import { isReservedKey } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';

/**
 * Counts beside a mirroring what there is to mirror, so that progress has an end in sight. It only serves the display: where
 * counting fails, there are no totals, and the mirroring itself reports why. Dispose it at the end.
 */
export class MirrorTotals implements Disposable {
  readonly #stop = new AbortController();
  #objectCount = 0;
  #sizeBytes = 0;
  #isKnown = false;

  /** How much there is; `undefined` as long as it is being counted. */
  get counted(): { readonly objectCount: number; readonly sizeBytes: number } | undefined {
    return this.#isKnown ? { objectCount: this.#objectCount, sizeBytes: this.#sizeBytes } : undefined;
  }

  /** Begins to count. */
  count(adapter: StorageAdapter, prefix = ''): void {
    void this.#count(adapter, prefix).then(
      () => (this.#isKnown = true),
      () => (this.#isKnown = false),
    );
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #count(adapter: StorageAdapter, prefix: string): Promise<void> {
    for await (const page of adapter.list({ prefix, signal: this.#stop.signal })) {
      for (const { key, sizeBytes } of page.objects) {
        if (isReservedKey(key)) continue;
        this.#objectCount += 1;
        this.#sizeBytes += sizeBytes;
      }
    }
  }
}
