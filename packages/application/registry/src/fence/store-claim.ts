import { setTimeout as delay } from 'node:timers/promises';
import { type RegistryStore, contentPrefix } from '@holdfast/domain';
import {
  type Cancellable,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
  type WriteMode,
  throwIfCancelled,
} from '@holdfast/ports';
import { type StorageService, probeConditions } from '@holdfast/storage';
import { createUuid } from '../create-uuid.ts';
import { StorePresence } from '../store-presence.ts';
import {
  type ClaimDocument,
  claimKey,
  longestClaimBytes,
  parseClaim,
  printClaim,
  printPlainClaim,
} from './claim-document.ts';
import { damagedClaim, deletionUnderWay, foreignClaim } from './claim-error.ts';
import { nameManifests } from './name-manifests.ts';
import { settleGeneration } from './settle-generation.ts';

/** Whose a store is, as seen from one registry. */
export type StoreOwner = 'ours' | 'foreign' | 'unclaimed';

/** How a store is claimed. */
export interface EnsureOptions extends Cancellable {
  /** Whether a store that was used before may hold nothing any more, since it is to be filled again. @default false */
  readonly mayBeEmpty?: boolean | undefined;
}

/** A claim as it was read. */
export interface ClaimReading extends ClaimDocument {
  readonly etag: string;
}

const pauseMs = 200;
/** How long a save waits for another registry's deletion to end. */
const patienceMs = 60_000;

/**
 * Keeps two registries, and two copies of one, from sharing a store: each would take the other's objects for garbage.
 *
 * The claim names the registry's generation, and is read for every operation that writes. Every change of it is
 * conditional and carries a new nonce.
 */
export class StoreClaim {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;

  constructor(registry: RegistryStore, storage: StorageService) {
    this.#registry = registry;
    this.#storage = storage;
  }

  /**
   * Makes sure that a store is ours: claims one that belongs to no registry, and renews a claim of an earlier generation.
   *
   * @returns the claim; `undefined` for a store that is not fenced, since it cannot replace conditionally or was seen to
   *   ignore conditions. Such a store is never collected.
   * @throws StorageError `permission-denied` when it belongs to another registry or to a copy of this one, `corrupt` when
   *   its claim is damaged, `unavailable` when it was used and is gone, `invalid-configuration` when there is no such store.
   */
  async ensure(storeName: string, options: EnsureOptions = {}): Promise<ClaimReading | undefined> {
    const adapter = this.#storage.adapter(storeName);
    if (!adapter.capabilities.createIfAbsent) {
      await this.#assertPresent(storeName, options);
      return undefined;
    }
    for (;;) {
      const registryId = await this.#registry.registryId();
      const generation = await settleGeneration(this.#registry);
      const found = await this.read(storeName, options);
      if (found === undefined) await this.#assertPresent(storeName, options);
      if (found !== undefined && !(await this.isOwn(found)))
        throw foreignClaim(adapter, { storeName, claim: found, own: { registryId, generation } });
      if (found?.isPlain === false && found.generation === generation) return found;
      if (found?.isPlain !== false && !(await decidesConditions(adapter, options))) {
        const isUndecided = (await probeConditions(adapter, options)).length > 0;
        if (found !== undefined || isUndecided || !adapter.capabilities.createIfAbsent) return undefined;
        await put(adapter, printPlainClaim(registryId), { ...options, mode: 'create' });
        continue;
      }
      const claimed = await this.#renew(storeName, found, { ...options, registryId, generation });
      if (claimed !== undefined) return claimed;
    }
  }

  /**
   * Checks that nothing can have been deleted since a claim was read: it is the same still, and names no deletion of
   * another registry. Where that is not so, `lookAgain` is called until two readings are equal.
   *
   * @throws StorageError as {@link StoreClaim.ensure} does; `locked` when another registry's deletion does not end.
   */
  async confirm(
    storeName: string,
    reading: ClaimReading,
    { signal, lookAgain }: Cancellable & { readonly lookAgain: () => Promise<void> },
  ): Promise<void> {
    let before = reading;
    let waitedMs = 0;
    for (;;) {
      const now = await this.ensure(storeName, { signal });
      if (now === undefined) return;
      const isMarked = await this.#isMarkedByOthers(now);
      if (now.nonce === before.nonce && !isMarked) return;
      if (isMarked) {
        if (waitedMs >= patienceMs) throw deletionUnderWay(this.#storage.adapter(storeName), storeName);
        throwIfCancelled(signal, { operation: 'save', backend: this.#storage.adapter(storeName).backend });
        await delay(pauseMs);
        waitedMs += pauseMs;
      } else await lookAgain();
      before = now;
    }
  }

  /**
   * Whose a store is now. Nothing is written.
   *
   * @throws StorageError `corrupt` when its claim is damaged, `invalid-configuration` when there is no such store.
   */
  async owner(storeName: string, options: Cancellable = {}): Promise<StoreOwner> {
    const found = await this.read(storeName, options);
    if (found === undefined) return 'unclaimed';
    return (await this.isOwn(found)) ? 'ours' : 'foreign';
  }

  /** Whether a claim is of this registry's generation, or of an earlier one. */
  async isOwn({ generation }: Pick<ClaimDocument, 'generation'>): Promise<boolean> {
    const { fence } = this.#registry.repositories;
    // The id is asked for first: a registry that does not exist yet has none, and owns nothing.
    const registryId = await this.#registry.registryId();
    return (
      generation === registryId || (await fence.current()).id === generation || fence.isAncestor(generation)
    );
  }

  /**
   * The claim of a store; `undefined` when there is none.
   *
   * @throws StorageError `corrupt` when it is damaged, `invalid-configuration` when there is no such store.
   */
  async read(storeName: string, { signal }: Cancellable = {}): Promise<ClaimReading | undefined> {
    const adapter = this.#storage.adapter(storeName);
    await using reader = await adapter.get(claimKey, { signal });
    if (reader === undefined) return undefined;
    if (reader.info.sizeBytes > longestClaimBytes) throw damagedClaim(adapter);
    const chunks: Buffer[] = [];
    for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
    const claim = parseClaim(Buffer.concat(chunks).toString('utf8'));
    if (claim === undefined) throw damagedClaim(adapter);
    return { ...claim, etag: reader.info.etag };
  }

  /**
   * Changes the claim of a store that is ours.
   *
   * @returns the claim as it is then; `undefined` for a store that is not fenced.
   * @throws StorageError as {@link StoreClaim.ensure} does.
   */
  async change(
    storeName: string,
    change: (claim: ClaimDocument) => Partial<Pick<ClaimDocument, 'deleting' | 'areManifestsNamed'>>,
    options: Cancellable = {},
  ): Promise<ClaimReading | undefined> {
    for (;;) {
      const found = await this.ensure(storeName, options);
      if (found === undefined) return undefined;
      const changed = await this.#replace(storeName, found, {
        claim: { ...found, ...change(found) },
        signal: options.signal,
      });
      if (changed !== undefined) return changed;
    }
  }

  /** Only a store that never had one is without a claim, unless it is gone. */
  async #assertPresent(storeName: string, options: EnsureOptions): Promise<void> {
    if (options.mayBeEmpty === true) return;
    await new StorePresence({ registry: this.#registry, storage: this.#storage }).assert(storeName, options);
  }

  async #isMarkedByOthers({ deleting }: ClaimDocument): Promise<boolean> {
    if (deleting.length === 0) return false;
    const own = new Set((await this.#registry.repositories.fence.listDeletions()).map(({ id }) => id));
    return deleting.some((id) => !own.has(id));
  }

  /** @returns the claim as it is now; `undefined` when another process was faster. */
  async #renew(
    storeName: string,
    found: ClaimReading | undefined,
    next: Cancellable & { readonly registryId: string; readonly generation: string },
  ): Promise<ClaimReading | undefined> {
    const { registryId, generation, signal } = next;
    const adapter = this.#storage.adapter(storeName);
    const isNew = found === undefined || found.isPlain;
    const before = isNew
      ? { deleting: [], nonce: '', areManifestsNamed: await hasNoContent(adapter, next) }
      : found;
    const renewed = { ...before, registryId, generation, isPlain: false };
    const claimed = await this.#replace(storeName, found, { claim: renewed, signal });
    if (isNew && claimed !== undefined)
      await nameManifests(this.#registry, this.#storage, { storeName, signal });
    return claimed;
  }

  async #replace(
    storeName: string,
    found: Pick<ClaimReading, 'etag'> | undefined,
    { claim, signal }: Cancellable & { readonly claim: Omit<ClaimDocument, 'isPlain'> },
  ): Promise<ClaimReading | undefined> {
    const next = { ...claim, nonce: createUuid() };
    const mode = found === undefined ? 'create' : { ifMatch: found.etag };
    const info = await put(this.#storage.adapter(storeName), printClaim(next), { mode, signal });
    return info === undefined ? undefined : { ...next, isPlain: false, etag: info.etag };
  }
}

/** @returns `undefined` when the condition was not met. */
async function put(
  adapter: StorageAdapter,
  bytes: Uint8Array,
  options: Cancellable & { readonly mode: WriteMode },
): Promise<ObjectInfo | undefined> {
  try {
    return await adapter.put(claimKey, bytes, options);
  } catch (error) {
    const isOutrun =
      StorageError.isInstance(error, 'already-exists') ||
      StorageError.isInstance(error, 'precondition-failed');
    if (!isOutrun) throw error;
    return undefined;
  }
}

/** Whether a claim can fence a store: no other registry can overwrite it. */
async function decidesConditions(adapter: StorageAdapter, options: Cancellable): Promise<boolean> {
  await probeConditions(adapter, options);
  return canFence(adapter);
}

/** Whether an adapter has the conditions that a claim needs; what a probe has refuted, it has no more. */
export function canFence({ capabilities }: Pick<StorageAdapter, 'capabilities'>): boolean {
  return capabilities.createIfAbsent && capabilities.replaceIfMatch;
}

/** A store without content has no versions of before there were manifests by name. */
async function hasNoContent(adapter: StorageAdapter, { signal }: Cancellable): Promise<boolean> {
  for await (const { objects } of adapter.list({ prefix: contentPrefix, pageSize: 1, signal }))
    if (objects.length > 0) return false;
  return true;
}
