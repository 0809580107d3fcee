import { type StorageBackend, utcTimestamp } from '@holdfast/domain';
import {
  type Cancellable,
  type FailureContext,
  type StorageAdapter,
  StorageError,
  type StorageSpace,
  orCancelled,
  throwIfCancelled,
} from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import type { CheckedAdapter } from './checked-adapter.ts';
import { describeStoreFailure } from './describe-store-failure.ts';
import type { RecentLatencies } from './recent-latencies.ts';
import type { StoreFailure, StoreHealth, StoreLatency } from './store-health.ts';

export interface StoreProbeOptions {
  readonly storeName: string;
  readonly timeoutMs: number;
  readonly probes: number;
  readonly write: boolean;
  /** Where what is timed is added. */
  readonly latencies: RecentLatencies;
}

/** What one look found; `failure` is of this look. */
export type ProbedHealth = Omit<StoreHealth, 'storeName' | 'lastError'> & { readonly failure?: StoreFailure };

/** One look at a store: what is found out counts as soon as it is, and whatever takes too long is left. */
export class StoreProbe {
  readonly #adapter: CheckedAdapter;
  readonly #options: StoreProbeOptions;
  #backend: StorageBackend | undefined;
  #isReachable = false;
  #isWritable: boolean | undefined;
  #undecided: StoreHealth['undecidedConditions'];
  #space: StorageSpace | undefined;
  #failure: unknown;

  constructor(adapter: CheckedAdapter, options: StoreProbeOptions) {
    this.#adapter = adapter;
    this.#options = options;
  }

  /** @throws StorageError `cancelled` by the signal, and nothing else. */
  async run({ signal }: Cancellable): Promise<ProbedHealth> {
    throwIfCancelled(signal, this.#context);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#options.timeoutMs);
    const either = joinSignals(limit.signal, signal);
    try {
      await orCancelled(this.#look(either), either, this.#context);
    } catch (error) {
      throwIfCancelled(signal, this.#context);
      if (limit.signal.aborted) this.#endInTime();
      else this.#fail(error);
    } finally {
      clearTimeout(timer);
    }
    return this.#found();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const adapter = typeof this.#adapter === 'function' ? await this.#adapter() : this.#adapter;
    this.#backend = adapter.backend;
    await this.#ask(adapter, 'look', signal);
    this.#isReachable = true;
    if (this.#options.write) await this.#tryToWrite(adapter, signal);
    await this.#measure(adapter, signal);
    for (let count = 1; count < this.#options.probes; count++) await this.#ask(adapter, this.#timed, signal);
  }

  async #tryToWrite(adapter: StorageAdapter, signal: AbortSignal): Promise<void> {
    try {
      await this.#ask(adapter, 'write', signal);
      this.#isWritable = true;
      this.#undecided = await adapter.proveConditions?.({ signal });
    } catch (error) {
      signal.throwIfAborted();
      this.#isWritable = false;
      this.#fail(error);
    }
  }

  /** Room that cannot be told is no reason to take a store for unreachable. */
  async #measure(adapter: StorageAdapter, signal: AbortSignal): Promise<void> {
    try {
      this.#space = await adapter.space?.({ signal });
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(error);
    }
  }

  async #ask(adapter: StorageAdapter, what: StoreLatency['of'], signal: AbortSignal): Promise<void> {
    const { latencies, timeoutMs } = this.#options;
    const startedMs = performance.now();
    await adapter.check({ write: what === 'write', timeoutMs, signal });
    signal.throwIfAborted();
    latencies.add(what, performance.now() - startedMs);
  }

  get #timed(): StoreLatency['of'] {
    return this.#isWritable === true ? 'write' : 'look';
  }

  /** The first failure is what the others come from. */
  #fail(error: unknown): void {
    this.#failure ??= error;
  }

  #found(): ProbedHealth {
    const checkedAt = utcTimestamp(Date.now());
    const latency = this.#options.latencies.summary(this.#timed);
    return {
      backend: this.#backend,
      isReachable: this.#isReachable,
      isWritable: this.#isWritable,
      ...(latency === undefined ? {} : { latency }),
      ...(this.#undecided === undefined ? {} : { undecidedConditions: this.#undecided }),
      ...(this.#space === undefined ? {} : { space: this.#space }),
      ...(this.#failure === undefined ? {} : { failure: describeStoreFailure(this.#failure, checkedAt) }),
      checkedAt,
    };
  }

  /** Fewer answers than wanted are answers. */
  #endInTime(): void {
    const { storeName, timeoutMs, write } = this.#options;
    const isWriting = write && this.#isReachable;
    if (this.#isReachable && (!write || this.#isWritable !== undefined)) return;
    if (isWriting) this.#isWritable = false;
    const what = isWriting ? 'was not written to' : 'did not answer';
    this.#fail(
      new StorageError({
        ...this.#context,
        code: 'timeout',
        retry: 'temporary',
        message: `The store ${storeName} ${what} within ${timeoutMs / 1_000} s.`,
        hint: 'Check that its server or disk is running and not overloaded, and that it can be reached.',
      }),
    );
  }

  get #context(): FailureContext {
    return { operation: 'check', backend: this.#backend };
  }
}
