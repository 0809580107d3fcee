import { type Digest, type ObjectKey, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { type DeleteTarget, type ObjectInfo, type StorageAdapter, StorageError } from '@holdfast/ports';
import { type StorageService, probeConditions } from '@holdfast/storage';
import { type Place, digestsOf, placesOf, storesOf } from './object-places.ts';
import type { StoreClaim } from './store-claim.ts';

export interface ObjectReclaimerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly now: () => number;
  readonly createId: () => string;
  /** Whether nobody else deletes in these stores, not even late: then what others began can always be ended. @default false */
  readonly isAlone?: boolean;
}

/** What is to be looked at beside the known locations. */
export interface ReclaimOptions {
  /** Look in this store too, for objects that were never published. */
  readonly store?: string;
}

/** What one owner of condemnations has to do. */
interface Work {
  /** The owner's id: of this piece of work, not of the process. */
  readonly by: string;
  readonly digests: readonly Digest[];
  readonly places: readonly Place[];
}

/** How many digests are condemned at once, so that nobody waits for long. */
const condemnedAtOnce = 100;

/**
 * Deletes objects that nothing needs, safely beside savers and beside other reclaimers. No clock decides:
 *
 * 1. A digest is condemned in a transaction that checks references and leases; who wants to lease it waits from then on.
 *    The condemnation has an owner, and whoever takes it over becomes the only one.
 * 2. Its objects are looked up, the owner makes sure that it is the owner still, and just those states are deleted.
 * 3. When they are gone, the owner lifts the condemnation.
 *
 * Why no interleaving of these steps loses an object that somebody relies on: docs/decisions/0012.
 */
export class ObjectReclaimer {
  readonly #options: ObjectReclaimerOptions;

  constructor(options: ObjectReclaimerOptions) {
    this.#options = options;
  }

  /**
   * Deletes those of the digests that no version refers to and nobody has leased, from every store that is ours.
   * A backend that cannot delete conditionally keeps its objects. What somebody else has condemned is left to them.
   *
   * @returns the digests of which nothing was left.
   * @throws StorageError when a store refuses, after the others were tried; the digest stays condemned then.
   */
  async reclaim(digests: readonly Digest[], options: ReclaimOptions = {}): Promise<readonly Digest[]> {
    const wanted = [...new Set(digests)];
    const reclaimed: Digest[] = [];
    const failures: unknown[] = [];
    for (let start = 0; start < wanted.length; start += condemnedAtOnce) {
      const work = await this.#condemn(wanted.slice(start, start + condemnedAtOnce), options);
      reclaimed.push(...(await this.#finish(work, failures)));
    }
    if (failures.length > 0) throw failures[0];
    return reclaimed;
  }

  /**
   * Ends what another reclaimer began with a digest and seems to have left; harmless while that one still works.
   *
   * @throws StorageError when a store refuses; `invalid-configuration` when the other one may be deleting in a store
   *   that is not configured here, or cannot delete conditionally here: this one could not tell that it is over.
   *   `locked` when it may be deleting in a store whose etags are of bytes: its deletion could hit what is saved after.
   */
  async takeOver(digest: Digest): Promise<void> {
    const work = await this.#inherit(digest);
    const failures: unknown[] = [];
    await this.#finish(work, failures);
    if (failures.length > 0) throw failures[0];
  }

  #condemn(digests: readonly Digest[], { store }: ReclaimOptions): Promise<Work> {
    const { registry, now, createId } = this.#options;
    const by = createId();
    return registry.unitOfWork(async ({ objects }) => {
      const places = await placesOf(objects, digests, store === undefined ? [] : [store]);
      const storeNames = [...storesOf(this.#deletable(places))];
      const condemned = await objects.condemn(digests, { now: utcTimestamp(now()), by, storeNames });
      const isCondemned = new Set(condemned);
      return { by, digests: condemned, places: places.filter(({ digest }) => isCondemned.has(digest)) };
    });
  }

  /** Looks wherever an owner before may be deleting: only then is it sure that nothing of theirs is under way. */
  #inherit(digest: Digest): Promise<Work> {
    const { registry, createId } = this.#options;
    const by = createId();
    return registry.unitOfWork(async ({ objects }) => {
      const found = await objects.findCondemnation(digest);
      if (found === undefined) return { by, digests: [], places: [] };
      const places = await placesOf(objects, [digest], found.storeNames);
      const reachable = storesOf(this.#deletable(places));
      const lost = found.storeNames.filter((name) => !reachable.has(name));
      if (lost.length > 0) throw outOfReach(digest, lost);
      const exposed = found.storeNames.filter((name) => this.#isExposed(name));
      if (exposed.length > 0) throw underWay(digest, exposed);
      await objects.takeOver(digest, { by, storeNames: [...reachable] });
      return { by, digests: [digest], places };
    });
  }

  /** Deletes the objects of condemned digests and absolves those of which nothing is left to delete. */
  async #finish(work: Work, failures: unknown[]): Promise<readonly Digest[]> {
    const ours = await this.#ours(work.places);
    const gone = await this.#delete({ ...work, places: ours }, failures);
    const left = digestsOf(ours.filter((place) => !gone.has(place)));
    const absolved = await this.#absolve(work, gone, left);
    const found = digestsOf(work.places);
    const kept = digestsOf(work.places.filter((place) => !gone.has(place)));
    return absolved.filter((digest) => found.has(digest) && !kept.has(digest));
  }

  async #absolve(
    { by, digests }: Work,
    gone: ReadonlySet<Place>,
    left: ReadonlySet<Digest>,
  ): Promise<readonly Digest[]> {
    const finished = digests.filter((digest) => !left.has(digest));
    if (finished.length === 0) return [];
    return this.#options.registry.unitOfWork(async ({ objects }) => {
      const absolved = new Set(await objects.absolve(finished, by));
      for (const { digest, storeName } of gone) {
        if (absolved.has(digest)) await objects.deleteLocation(digest, storeName);
      }
      return [...absolved];
    });
  }

  /** Whether a deletion of before could hit equal bytes that were saved after. */
  #isExposed(storeName: string): boolean {
    const { storage, isAlone } = this.#options;
    return isAlone !== true && storage.adapter(storeName).capabilities.etagsNameStates === false;
  }

  /** The places in stores that are configured here and can delete conditionally. */
  #deletable(places: readonly Place[]): readonly Place[] {
    const { storage } = this.#options;
    return places.filter(
      ({ storeName }) =>
        storage.storeNames.includes(storeName) && storage.adapter(storeName).capabilities.deleteIfMatch,
    );
  }

  /** Those of them in stores that belong to this registry, and whose servers decide what is deleted. */
  async #ours(places: readonly Place[]): Promise<readonly Place[]> {
    const { claim, storage } = this.#options;
    const deletable = this.#deletable(places);
    const ours = new Set<string>();
    for (const storeName of storesOf(deletable)) {
      if ((await claim.owner(storeName)) !== 'ours') continue;
      const undecided = await probeConditions(storage.adapter(storeName));
      if (!undecided.includes('deleteIfMatch')) ours.add(storeName);
    }
    return deletable.filter(({ storeName }) => ours.has(storeName));
  }

  /** @returns the places where nothing is left. */
  async #delete({ by, places }: Work, failures: unknown[]): Promise<ReadonlySet<Place>> {
    const gone = new Set<Place>();
    for (const storeName of storesOf(places)) {
      const inStore = places.filter((place) => place.storeName === storeName);
      try {
        for (const [place, error] of await this.#deleteFrom(storeName, inStore, by)) {
          if (error === undefined) gone.add(place);
          else failures.push(error);
        }
      } catch (error) {
        failures.push(error);
      }
    }
    return gone;
  }

  /**
   * Deletes again what changed meanwhile: a saver whose lease was ignored may upload in the middle of it.
   *
   * @returns what became of the places whose digests are this owner's still: nothing is left there, or the error.
   */
  async #deleteFrom(
    storeName: string,
    places: readonly Place[],
    by: string,
  ): Promise<ReadonlyMap<Place, Error | undefined>> {
    const outcomes = new Map<Place, Error | undefined>();
    let waiting = places;
    while (waiting.length > 0) {
      const tried = await this.#tryToDelete(storeName, waiting, by);
      for (const [place, error] of tried) outcomes.set(place, error);
      waiting = [...tried].filter(([, error]) => hasChanged(error)).map(([place]) => place);
      for (const place of waiting) outcomes.delete(place);
    }
    return outcomes;
  }

  /** First the look, then the question whose the condemnation is, then the deletion of what was seen: in this order. */
  async #tryToDelete(
    storeName: string,
    places: readonly Place[],
    by: string,
  ): Promise<ReadonlyMap<Place, Error | undefined>> {
    const adapter = this.#options.storage.adapter(storeName);
    const { objects } = this.#options.registry.repositories;
    const states = await Promise.all(places.map(({ key }) => stateOf(adapter, key)));
    const outcomes = new Map<Place, Error | undefined>();
    const targets: DeleteTarget[] = [];
    for (const [index, place] of places.entries()) {
      if ((await objects.findCondemnation(place.digest))?.by !== by) continue;
      const state = states[index];
      outcomes.set(place, state instanceof Error ? state : undefined);
      if (state !== undefined && !(state instanceof Error))
        targets.push({ key: place.key, ifMatch: state.etag });
    }
    const results = targets.length === 0 ? [] : await adapter.delete(targets);
    const refused = new Map(
      results.flatMap((result) => ('error' in result ? [[result.key, result.error]] : [])),
    );
    for (const [place, error] of outcomes) outcomes.set(place, error ?? refused.get(place.key));
    return outcomes;
  }
}

function hasChanged(error: Error | undefined): boolean {
  return StorageError.isInstance(error, 'precondition-failed');
}

/**
 * The state of an object that is to be deleted. That of one whose bytes are lost is in the listing still;
 * what has no state anywhere cannot be deleted conditionally, and so not at all.
 */
async function stateOf(
  adapter: StorageAdapter,
  key: ObjectKey,
): Promise<ObjectInfo | StorageError | undefined> {
  try {
    return await adapter.head(key);
  } catch (error) {
    if (!StorageError.isInstance(error, 'corrupt')) throw error;
    for await (const { objects } of adapter.list({ prefix: key, pageSize: 1 })) {
      const listed = objects.find((object) => object.key === key);
      if (listed !== undefined) return listed;
    }
    return error;
  }
}

function outOfReach(digest: Digest, storeNames: readonly string[]): StorageError {
  const names = storeNames.join(', ');
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'collect',
    backend: 'database',
    key: digest,
    message: `The deletion of ${digest} was begun in stores that cannot be collected from here: ${names}.`,
    hint: 'Run holdfast gc where these stores are configured. For a store that is gone for good, configure an empty one under its name.',
  });
}

function underWay(digest: Digest, storeNames: readonly string[]): StorageError {
  return new StorageError({
    code: 'locked',
    operation: 'collect',
    backend: 'database',
    key: digest,
    retry: 'temporary',
    message: `The deletion of ${digest} was begun in ${storeNames.join(', ')} and has not ended.`,
    hint: 'Wait for the command that collects or removes. If it died, run holdfast gc --alone while nobody else collects or removes.',
  });
}
