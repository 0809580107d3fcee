import { setTimeout as delay } from 'node:timers/promises';
import {
  type Digest,
  type Lease,
  type RegistryStore,
  type Repositories,
  utcTimestamp,
} from '@holdfast/domain';
import { type Cancellable, StorageError, throwIfCancelled } from '@holdfast/ports';
import { endAbandoned } from './end-abandoned.ts';

/** How long a lease stands without being renewed. */
export const leaseMs = 3_600_000;
const firstPauseMs = 20;
const longestPauseMs = 1_000;
/** How many leases one transaction renews. */
const renewedAtOnce = 500;

export interface LeaseKeeperOptions extends Cancellable {
  readonly now: () => number;
  readonly createId: () => string;
  /** Ends what a collector began with a digest and seems to have left. */
  readonly takeOver: (digest: Digest) => Promise<unknown>;
}

/**
 * Holds leases on the digests that a publication relies on, renews them while it works, and ends them with it.
 * While a lease stands, the collector does not condemn its digest.
 */
export class LeaseKeeper implements AsyncDisposable {
  readonly #registry: RegistryStore;
  readonly #options: LeaseKeeperOptions;
  readonly #ids = new Map<Digest, string>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #renewal: NodeJS.Timeout;
  #isEnded = false;

  constructor(registry: RegistryStore, options: LeaseKeeperOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#renewal = setInterval(() => void this.#track(this.#renew()), leaseMs / 4).unref();
  }

  /**
   * Leases a digest. One that is being collected is waited for: it is gone or free again in a moment.
   *
   * @throws StorageError `cancelled`; `locked` when its collection does not end and cannot be taken over.
   */
  hold(digest: Digest): Promise<void> {
    return this.#track(this.#hold(digest));
  }

  /**
   * Checks, inside the publishing transaction, that no lease was ended meanwhile. No clock takes part:
   * whoever condemns a digest ends its lapsed leases, and nobody can lease it while it is condemned.
   *
   * @throws StorageError `unavailable` (`temporary`) when one was: the object may be gone, so save it again.
   */
  async assertStanding({ objects }: Repositories): Promise<void> {
    for (const [digest, id] of this.#ids) {
      if ((await objects.findLease(id)) !== undefined) continue;
      throw new StorageError({
        code: 'unavailable',
        operation: 'publish',
        key: digest,
        retry: 'temporary',
        message: 'The collector may have taken an object before its version was published.',
        hint: 'Save it again.',
      });
    }
  }

  /** Ends the leases. Should that fail, they lapse by themselves: what was published stays published. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    clearInterval(this.#renewal);
    await Promise.allSettled(this.#underWay);
    await this.#registry.repositories.objects.deleteLeases([...this.#ids.values()]).catch(() => undefined);
  }

  async #hold(digest: Digest): Promise<void> {
    const id = this.#ids.get(digest) ?? this.#options.createId();
    // Set before anything is awaited: the same digest may be held again meanwhile, and all leases are to be ended.
    this.#ids.set(digest, id);
    let waitedMs = 0;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (await this.#lease(digest, id)) return;
      await this.#pause(pauseMs);
      waitedMs += pauseMs;
      await endAbandoned(this.#options.takeOver, digest, waitedMs);
    }
  }

  /** @returns whether it could be leased: not while it is condemned. */
  async #lease(digest: Digest, id: string): Promise<boolean> {
    const { signal } = this.#options;
    throwIfCancelled(this.#isEnded ? AbortSignal.abort() : signal, {
      operation: 'save',
      key: digest,
    });
    try {
      await this.#registry.repositories.objects.putLease({ id, digest, expiresAt: this.#expiry() });
      return true;
    } catch (error) {
      if (StorageError.isInstance(error, 'locked')) return false;
      throw error;
    }
  }

  async #pause(pauseMs: number): Promise<void> {
    const { signal } = this.#options;
    try {
      await delay(pauseMs, undefined, { signal });
    } catch (error) {
      throwIfCancelled(signal, { operation: 'save' });
      throw error;
    }
  }

  /**
   * A renewal that fails is tried again by the next one. A lease that is gone is not made anew:
   * its object may have been collected, and publishing must notice.
   */
  async #renew(): Promise<void> {
    const ids = [...this.#ids.values()];
    for (let start = 0; start < ids.length && !this.#isEnded; start += renewedAtOnce) {
      const renewing = this.#registry.unitOfWork(async ({ objects }) => {
        for (const id of ids.slice(start, start + renewedAtOnce)) {
          const lease = await objects.findLease(id);
          if (lease !== undefined) await objects.putLease({ ...lease, expiresAt: this.#expiry() });
        }
      });
      await renewing.catch(() => undefined);
    }
  }

  #expiry(): Lease['expiresAt'] {
    return utcTimestamp(this.#options.now() + leaseMs);
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }
}
