import { setTimeout as delay } from 'node:timers/promises';
import {
  type Digest,
  type RegistryStore,
  type Repositories,
  type UtcTimestamp,
  heldLeaseId,
  utcTimestamp,
} from '@holdfast/domain';
import { type Cancellable, StorageError, throwIfCancelled } from '@holdfast/ports';
import { endAbandoned } from '../end-abandoned.ts';
import { leaseMs } from '../lease-keeper.ts';
import { backupError } from './backup-error.ts';

const pauseMs = 50;

export interface ObjectHoldOptions extends Cancellable {
  readonly now: () => number;
  readonly createId: () => string;
  /** Ends what a collector began with a digest and seems to have left. */
  readonly takeOver: (digest: Digest) => Promise<unknown>;
}

/** Keeps any number of objects from being collected, under one name and without a list of them in memory. */
export class ObjectHold implements AsyncDisposable {
  readonly #registry: RegistryStore;
  readonly #options: ObjectHoldOptions;
  readonly #holder: string;
  readonly #renewal: NodeJS.Timeout;
  #renewing: Promise<unknown> = Promise.resolve();
  #heldCount = 0;

  constructor(registry: RegistryStore, options: ObjectHoldOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#holder = options.createId();
    this.#renewal = setInterval(() => {
      this.#renewing = this.#renew();
    }, leaseMs / 4).unref();
  }

  /** Holds everything that versions need now. */
  holdNeeded({ archive }: Repositories): Promise<void> {
    return archive.holdNeeded(this.#holder, this.#expiry());
  }

  /**
   * Holds digests, each once however often it is asked for. Those that are being collected are waited for.
   *
   * @throws StorageError `cancelled`; `locked` when a collection does not end and cannot be taken over.
   */
  async hold(digests: readonly Digest[]): Promise<void> {
    let waitedMs = 0;
    for (let waiting = digests; waiting.length > 0;) {
      throwIfCancelled(this.#options.signal, { operation: 'restore' });
      waiting = await this.#lease(waiting);
      if (waiting.length === 0) break;
      await delay(pauseMs);
      waitedMs += pauseMs;
      for (const digest of waiting) await endAbandoned(this.#options.takeOver, digest, waitedMs);
    }
  }

  /**
   * Checks, inside a transaction, that no lease of {@link ObjectHold.hold} was ended meanwhile.
   *
   * @throws StorageError `unavailable` (`temporary`) when one was: its object may be gone.
   */
  async assertStanding({ archive }: Repositories): Promise<void> {
    if ((await archive.countHold(this.#holder)) === this.#heldCount) return;
    throw backupError(
      'unavailable',
      'The collector may have taken an object before everything was in place.',
      {
        hint: 'Run it again: it goes on where it was.',
      },
    );
  }

  /** Ends the leases. Should that fail, they lapse by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#renewal);
    await this.#renewing;
    await this.#registry.repositories.archive.endHold(this.#holder).catch(() => undefined);
  }

  /** @returns the digests that are condemned, so that they could not be leased. */
  async #lease(digests: readonly Digest[]): Promise<readonly Digest[]> {
    const expiresAt = this.#expiry();
    const outcome = await this.#registry.unitOfWork(async ({ objects }) => {
      const condemned: Digest[] = [];
      let leased = 0;
      for (const digest of digests) {
        const id = heldLeaseId(this.#holder, digest);
        try {
          if ((await objects.findLease(id)) !== undefined) continue;
          await objects.putLease({ id, digest, expiresAt });
          leased += 1;
        } catch (error) {
          if (!StorageError.isInstance(error, 'locked')) throw error;
          condemned.push(digest);
        }
      }
      return { condemned, leased };
    });
    this.#heldCount += outcome.leased;
    return outcome.condemned;
  }

  /** A renewal that fails is tried again by the next one. */
  async #renew(): Promise<void> {
    await this.#registry.repositories.archive.renewHold(this.#holder, this.#expiry()).catch(() => undefined);
  }

  #expiry(): UtcTimestamp {
    return utcTimestamp(this.#options.now() + leaseMs);
  }
}
