import {
  type ObjectLocation,
  type RegistryStore,
  type StoreRetirement,
  utcTimestamp,
} from '@holdfast/domain';
import { type Cancellable, throwIfCancelled } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { copyStateAfter } from '../copies/copy-trouble.ts';
import { createUuid } from '../create-uuid.ts';
import { mirrorManifests } from '../fence/mirror-manifests.ts';
import { MirrorService } from '../mirror-service.ts';
import { forbiddenInput, notFound } from '../registry-error.ts';
import { AffectedVersions } from '../verification/affected-versions.ts';
import { FindingRecorder } from '../verification/finding-recorder.ts';
import { ObjectExaminer } from '../verification/object-examiner.ts';
import { VerifiedState } from '../verification/verified-object.ts';
import { assertAccepting } from './assert-accepting.ts';
import { dropLocations, pageSize } from './drop-locations.ts';
import { emptyStore } from './empty-store.ts';
import { placesBeside } from './places-beside.ts';
import type { RetireOptions } from './retire-options.ts';
import type { RetiredObject } from './retired-object.ts';

export interface RetirementServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
}

/**
 * Takes stores out of use, so that nothing that a version needs is lost with them:
 *
 * 1. The registry notes that the store retires. From then on nothing is registered there: the transaction that publishes
 *    a version checks it, so that a save which began before fails and is tried elsewhere.
 * 2. What has no good copy in another store is mirrored, and read again there. Other copies are read, too: what the
 *    registry believes of them is not enough. Manifests of versions are mirrored after them.
 * 3. The store's locations are dropped, each in a transaction that finds a good one in a store that does not retire.
 *
 * Bytes are left where they are. When something fails, the store stays retiring, and the next call goes on.
 */
export class RetirementService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #mirror: MirrorService;
  readonly #examiner: ObjectExaminer;
  readonly #recorder: FindingRecorder;
  readonly #affected: AffectedVersions;

  constructor({ registry, storage, now = Date.now, createId = createUuid }: RetirementServiceOptions) {
    this.#registry = registry;
    this.#storage = storage;
    this.#now = now;
    this.#createId = createId;
    this.#mirror = new MirrorService({ registry, storage, now });
    this.#examiner = new ObjectExaminer(storage);
    this.#recorder = new FindingRecorder(registry, now);
    this.#affected = new AffectedVersions(registry, storage);
  }

  /** The stores that take no more objects. */
  list(): Promise<readonly StoreRetirement[]> {
    return this.#registry.repositories.objects.listRetirements();
  }

  /**
   * Takes a store out of use and reports every object that was registered there.
   *
   * @throws StorageError `not-found` for a store that the registry never used and that is not configured,
   *   `invalid-argument` when there is no other store to bring objects to, `permission-denied` when that one retires or
   *   belongs to another registry.
   */
  async *retire(storeName: string, options: RetireOptions = {}): AsyncIterable<RetiredObject> {
    const { isDryRun = false, isLost = false } = options;
    await this.#assertKnown(storeName);
    const to = await this.#targetOf(storeName, options);
    if (!isDryRun) await this.#note(storeName, 'retiring');
    let isEmpty = false;
    // A copy that was found may be in a store that began to retire meanwhile: what it held is looked for again.
    while (!isEmpty) {
      let hasFailed = false;
      for await (const object of this.#secured(storeName, { ...options, to })) {
        hasFailed ||= object.outcome === 'failed';
        yield object;
      }
      if (isDryRun || hasFailed) return;
      isEmpty = await dropLocations(this.#registry, storeName, { isLost });
    }
    await this.#note(storeName, 'retired');
  }

  /**
   * Deletes what a retired store holds: objects and manifests, which are all registered elsewhere.
   *
   * @returns how many objects were deleted.
   * @throws StorageError as {@link emptyStore} does.
   */
  async empty(storeName: string, { signal }: Cancellable = {}): Promise<number> {
    const collaborators = { registry: this.#registry, storage: this.#storage };
    return emptyStore(storeName, { ...collaborators, now: this.#now, createId: this.#createId, signal });
  }

  /** Lets a store take objects again. What was dropped is registered again by a mirror into it. */
  undo(storeName: string): Promise<void> {
    return this.#registry.repositories.objects.deleteRetirement(storeName);
  }

  async #assertKnown(storeName: string): Promise<void> {
    const { items } = await this.#registry.repositories.objects.listLocations({ storeName, limit: 1 });
    if (items.length > 0 || this.#storage.storeNames.includes(storeName)) return;
    throw notFound(
      `There is no store named ${JSON.stringify(storeName)}, and the registry knows no objects in one.`,
      `Configured stores: ${this.#storage.storeNames.join(', ')}.`,
    );
  }

  /** The store to bring objects to; `undefined` when there is none and none may be needed. */
  async #targetOf(storeName: string, { to, isLost = false }: RetireOptions): Promise<string | undefined> {
    const { objects } = this.#registry.repositories;
    if (to === storeName) throw forbiddenInput('A store cannot be retired into itself.');
    if (to !== undefined) {
      this.#storage.adapter(to);
      await assertAccepting(objects, [to]);
      return to;
    }
    const closed = new Set((await objects.listRetirements()).map((one) => one.storeName));
    const { defaultStore, storeNames } = this.#storage;
    const target = [defaultStore, ...storeNames].find((name) => name !== storeName && !closed.has(name));
    const { items } = await objects.listLocations({ storeName, limit: 1 });
    if (target !== undefined || isLost || items.length === 0) return target;
    throw forbiddenInput(
      `There is no other store to bring the objects of ${storeName} to.`,
      'Configure one that takes objects.',
    );
  }

  async #note(storeName: string, state: StoreRetirement['state']): Promise<void> {
    const since = utcTimestamp(this.#now());
    await this.#registry.repositories.objects.putRetirement({ storeName, state, since });
  }

  async *#locationsIn(storeName: string): AsyncIterable<ObjectLocation> {
    const { objects } = this.#registry.repositories;
    let after: string | undefined;
    do {
      const query = { storeName, limit: pageSize, after };
      const { items, next } = await objects.listLocations(query);
      yield* items;
      after = next;
    } while (after !== undefined);
  }

  /** A copy in another store that is not retiring, read and hashed; in a dry run, as far as the registry knows. */
  async #goodCopy(
    { digest, storeName }: ObjectLocation,
    { signal, isDryRun = false }: RetireOptions,
  ): Promise<ObjectLocation | undefined> {
    const { objects } = this.#registry.repositories;
    for (const place of placesBeside(
      await objects.findLocations(digest),
      storeName,
      await objects.listRetirements(),
    )) {
      if (!this.#storage.storeNames.includes(place.storeName)) continue;
      if (isDryRun) return place;
      if (await this.#isIntact(place, { signal })) return place;
    }
    return undefined;
  }

  async #isIntact(place: ObjectLocation, options: Cancellable): Promise<boolean> {
    try {
      const { state } = await this.#examiner.examine(place, options);
      if (state === VerifiedState.Intact) return true;
      if (state !== VerifiedState.Unreadable) await this.#recorder.recordDamage(place);
      return false;
    } catch (error) {
      if (options.signal?.aborted === true || copyStateAfter(error) === undefined) throw error;
      return false;
    }
  }

  /** Finds a good copy elsewhere of each object, and makes one where there is none. */
  async *#secured(
    storeName: string,
    options: RetireOptions & { readonly to: string | undefined },
  ): AsyncIterable<RetiredObject> {
    const alone = new Map<string, ObjectLocation>();
    for await (const location of this.#locationsIn(storeName)) {
      throwIfCancelled(options.signal, { operation: 'retire' });
      const other = await this.#goodCopy(location, options);
      if (other === undefined) alone.set(location.key, location);
      else yield { ...described(location), outcome: 'kept', storeName: other.storeName };
    }
    yield* this.#secure(storeName, alone, options);
    if (options.isLost !== true) yield* this.#securedManifests(storeName, options);
  }

  /** The records of versions beside the bytes, of which a lost registry is made again. */
  async *#securedManifests(
    storeName: string,
    { to, isDryRun = false, signal }: RetireOptions & { readonly to: string | undefined },
  ): AsyncIterable<RetiredObject> {
    if (to === undefined || !this.#storage.storeNames.includes(storeName)) return;
    const collaborators = { registry: this.#registry, storage: this.#storage };
    for await (const { key, sizeBytes, outcome, error } of mirrorManifests(storeName, to, {
      ...collaborators,
      isDryRun,
      signal,
    })) {
      if (error !== undefined) yield { key, sizeBytes, outcome: 'failed', reason: error.message };
      else if (outcome !== 'unchanged') yield { key, sizeBytes, outcome: 'copied', storeName: to };
    }
  }

  async *#secure(
    storeName: string,
    alone: ReadonlyMap<string, ObjectLocation>,
    options: RetireOptions & { readonly to: string | undefined },
  ): AsyncIterable<RetiredObject> {
    const { to, isLost = false, isDryRun = false } = options;
    if (isLost) {
      for (const location of alone.values())
        yield { ...described(location), outcome: 'lost', affected: await this.#needing(location) };
      return;
    }
    if (isDryRun) {
      for (const location of alone.values())
        yield { ...described(location), outcome: 'copied', ...(to === undefined ? {} : { storeName: to }) };
      return;
    }
    if (alone.size === 0) return;
    if (to === undefined || !this.#storage.storeNames.includes(storeName)) {
      const why = to === undefined ? 'and no other store takes objects' : 'which is not configured';
      const reason = `Only the store ${storeName} has it, ${why}.`;
      for (const location of alone.values())
        yield { ...described(location), outcome: 'failed', reason, affected: await this.#needing(location) };
      return;
    }
    yield* this.#bring(storeName, alone, { ...options, to });
  }

  /** Mirrors what has no other copy, and the records of versions beside it, and reads it again. */
  async *#bring(
    storeName: string,
    alone: ReadonlyMap<string, ObjectLocation>,
    { to, signal, onBytes }: RetireOptions & { readonly to: string },
  ): AsyncIterable<RetiredObject> {
    const waiting = new Map(alone);
    const accepts = (key: string): boolean => alone.has(key);
    const mirrored = this.#mirror.mirror(storeName, to, {
      signal,
      accepts,
      ...(onBytes === undefined ? {} : { onBytes }),
    });
    for await (const { key, sizeBytes, error } of mirrored) {
      const location = alone.get(key);
      waiting.delete(key);
      if (location === undefined && error === undefined) continue;
      const isSafe =
        error === undefined &&
        location !== undefined &&
        (await this.#isIntact({ ...location, storeName: to }, { signal }));
      if (isSafe) yield { key, sizeBytes, outcome: 'copied', storeName: to };
      else
        yield await this.#failed(
          { key, sizeBytes },
          location,
          error?.message ?? `It cannot be read in ${to}.`,
        );
    }
    for (const location of waiting.values())
      yield await this.#failed(described(location), location, `The store ${storeName} does not hold it.`);
  }

  async #failed(
    object: Pick<RetiredObject, 'key' | 'sizeBytes'>,
    location: ObjectLocation | undefined,
    reason: string,
  ): Promise<RetiredObject> {
    const affected = location === undefined ? [] : await this.#needing(location);
    return { ...object, outcome: 'failed', reason, affected };
  }

  async #needing({ digest }: ObjectLocation): Promise<readonly string[]> {
    return (await this.#affected.of(digest)).map(({ reference }) => reference);
  }
}

function described({ key, sizeBytes }: ObjectLocation): Pick<RetiredObject, 'key' | 'sizeBytes'> {
  return { key, sizeBytes };
}
