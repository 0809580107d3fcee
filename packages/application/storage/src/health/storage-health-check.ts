import { type Cancellable, StorageError } from '@holdfast/ports';
import type { CheckedAdapter } from './checked-adapter.ts';
import { RecentLatencies } from './recent-latencies.ts';
import type { StoreFailure, StoreHealth } from './store-health.ts';
import { StoreProbe } from './store-probe.ts';

export interface StorageHealthCheckOptions {
  /** Adapters by the name of their store. They stay yours to dispose. */
  readonly adapters: Readonly<Record<string, CheckedAdapter>>;
  /** Longest time for one store, whatever hangs. @default 5000 */
  readonly timeoutMs?: number;
  /** How often a store is timed in one check, one after the other; time that runs out makes it fewer. @default 10 */
  readonly probes?: number;
  /** Whether it is tried to write, too: each time a probe of a byte, which is deleted again. @default true */
  readonly write?: boolean;
}

/** What is remembered of a store between checks. */
interface Memory {
  readonly latencies: RecentLatencies;
  lastError: StoreFailure | undefined;
  latest: StoreHealth | undefined;
}

/**
 * Looks how stores are: whether they can be reached and written to, how fast they answer, what room they have, and what
 * went wrong last. Nothing that a store does, or does not do, makes a check fail or take longer than its timeout; what
 * was asked of it is cancelled then. Latencies and the last error are remembered between checks.
 */
export class StorageHealthCheck {
  readonly #options: Required<StorageHealthCheckOptions>;
  readonly #memories = new Map<string, Memory>();

  /** @throws StorageError `invalid-configuration` when the timeout or the number of probes is none. */
  constructor(options: StorageHealthCheckOptions) {
    this.#options = { timeoutMs: 5_000, probes: 10, write: true, ...options };
    const { timeoutMs, probes } = this.#options;
    if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) throw invalid(`The timeout of a check is ${timeoutMs} ms.`);
    if (!Number.isSafeInteger(probes) || probes < 1) throw invalid(`A check has ${probes} probes.`);
  }

  /** The names of the stores that are looked at. */
  get storeNames(): readonly string[] {
    return Object.keys(this.#options.adapters);
  }

  /**
   * Looks at one store.
   *
   * @throws StorageError `cancelled` by the signal; `invalid-configuration` when there is no such store.
   */
  async check(storeName: string, options: Cancellable = {}): Promise<StoreHealth> {
    const memory = this.#memoryOf(storeName);
    const { adapters, ...limits } = this.#options;
    const adapter = adapters[storeName] as CheckedAdapter;
    const probe = new StoreProbe(adapter, { storeName, ...limits, latencies: memory.latencies });
    const { failure, ...facts } = await probe.run(options);
    memory.lastError = failure ?? memory.lastError;
    const { lastError } = memory;
    memory.latest = { storeName, ...facts, ...(lastError === undefined ? {} : { lastError }) };
    return memory.latest;
  }

  /**
   * Looks at all stores side by side; answers in the order of their names' declaration.
   *
   * @throws StorageError `cancelled` by the signal.
   */
  checkAll(options: Cancellable = {}): Promise<readonly StoreHealth[]> {
    return Promise.all(this.storeNames.map((name) => this.check(name, options)));
  }

  /**
   * What the last check of a store found, without looking; `undefined` before the first one.
   *
   * @throws StorageError `invalid-configuration` when there is no such store.
   */
  latest(storeName: string): StoreHealth | undefined {
    return this.#memoryOf(storeName).latest;
  }

  #memoryOf(storeName: string): Memory {
    if (!Object.hasOwn(this.#options.adapters, storeName)) {
      const hint = `Its stores: ${this.storeNames.join(', ') || 'none'}.`;
      throw invalid(`The health check knows no store named ${JSON.stringify(storeName)}.`, hint);
    }
    const known = this.#memories.get(storeName);
    if (known !== undefined) return known;
    const memory: Memory = { latencies: new RecentLatencies(), lastError: undefined, latest: undefined };
    this.#memories.set(storeName, memory);
    return memory;
  }
}

function invalid(message: string, hint?: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'check',
    message,
    hint,
  });
}
