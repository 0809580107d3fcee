import { setTimeout as delay } from 'node:timers/promises';
import { type Digest, type ObjectLedger, type Repositories, utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** How long a lease stands without being renewed. */
const leaseMs = 3_600_000;
const firstPauseMs = 20;
const longestPauseMs = 1_000;

export interface LeaseKeeperOptions {
  readonly now: () => number;
  readonly createId: () => string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds leases on the digests that a publication relies on, renews them while it works, and ends them with it.
 * While a lease stands, the collector does not condemn its digest.
 */
export class LeaseKeeper implements AsyncDisposable {
  readonly #ledger: ObjectLedger;
  readonly #options: LeaseKeeperOptions;
  readonly #ids = new Map<Digest, string>();
  readonly #renewal: NodeJS.Timeout;

  constructor(ledger: ObjectLedger, options: LeaseKeeperOptions) {
    this.#ledger = ledger;
    this.#options = options;
    this.#renewal = setInterval(() => void this.#renew(), leaseMs / 4).unref();
  }

  /** Leases a digest. One that is being collected is waited for: it is gone or free again in a moment. */
  async hold(digest: Digest): Promise<void> {
    const id = this.#ids.get(digest) ?? this.#options.createId();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await this.#ledger.putLease({ id, digest, expiresAt: this.#expiry() });
        this.#ids.set(digest, id);
        return;
      } catch (error) {
        if (!StorageError.isInstance(error, 'locked')) throw error;
      }
      await delay(pauseMs, undefined, { signal: this.#options.signal });
    }
  }

  /**
   * Checks, inside the publishing transaction, that no lease was ended and no digest condemned meanwhile.
   *
   * @throws StorageError `unavailable` (`temporary`) when one was: the objects may be gone, so save them again.
   */
  async assertStanding(repositories: Repositories): Promise<void> {
    for (const [digest, id] of this.#ids) {
      const lease = await repositories.objects.findLease(id);
      if (lease !== undefined && !(await repositories.objects.isCondemned(digest))) continue;
      throw new StorageError({
        code: 'unavailable',
        operation: 'publish',
        backend: 'database',
        key: digest,
        retry: 'temporary',
        message: 'The collector took an object before its version was published.',
        hint: 'Save it again.',
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#renewal);
    await this.#ledger.deleteLeases([...this.#ids.values()]);
  }

  /** A renewal that fails is tried again by the next one; a lease that lapses costs a repeated upload, no more. */
  async #renew(): Promise<void> {
    for (const [digest, id] of this.#ids) {
      await this.#ledger.putLease({ id, digest, expiresAt: this.#expiry() }).catch(() => undefined);
    }
  }

  #expiry(): string {
    return utcTimestamp(this.#options.now() + leaseMs);
  }
}
