import type { StoreLatency } from './store-health.ts';

const keptCount = 100;

/** The durations of the last answers of a store. */
export class RecentLatencies {
  readonly #kept: Record<StoreLatency['of'], number[]> = { write: [], look: [] };

  add(of: StoreLatency['of'], durationMs: number): void {
    const kept = this.#kept[of];
    kept.push(durationMs);
    if (kept.length > keptCount) kept.shift();
  }

  /** By the nearest rank; `undefined` when nothing of the kind has been timed. */
  summary(of: StoreLatency['of']): StoreLatency | undefined {
    const sorted = this.#kept[of].toSorted((left, right) => left - right);
    const count = sorted.length;
    const at = (share: number): number => Math.round((sorted[Math.ceil(share * count) - 1] ?? 0) * 100) / 100;
    return count === 0 ? undefined : { of, p50Ms: at(0.5), p95Ms: at(0.95), count };
  }
}
