import { type Digest, type ObjectKey, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { type DeleteTarget, type ObjectInfo, type StorageAdapter, StorageError } from '@holdfast/ports';
import { type StorageService, contentKey } from '@holdfast/storage';
import type { StoreClaim } from './store-claim.ts';

export interface ObjectReclaimerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly now: () => number;
}

/** What is to be looked at beside the known locations. */
export interface ReclaimOptions {
  /** Look in this store too, for objects that were never published. */
  readonly store?: string;
}

/** An object that is to go. */
interface Place {
  readonly digest: Digest;
  readonly storeName: string;
  readonly key: ObjectKey;
}

/** How many digests are condemned at once, so that nobody waits for long. */
const condemnedAtOnce = 100;

/**
 * Deletes objects that nothing needs, safely beside savers and beside other reclaimers. No clock decides:
 *
 * 1. A digest is condemned in a transaction that checks references and leases; who wants to lease it waits from then on.
 * 2. Its objects are looked up, it is checked to be condemned still, and just those states of them are deleted.
 *    So a reclaimer that was overtaken cannot hit an object that was uploaded since.
 * 3. Only when they are gone is it absolved. A condemnation whose reclaimer died is ended by the next saver of the digest.
 */
export class ObjectReclaimer {
  readonly #options: ObjectReclaimerOptions;

  constructor(options: ObjectReclaimerOptions) {
    this.#options = options;
  }

  /**
   * Deletes those of the digests that no version refers to and nobody has leased, from every store that is ours.
   * A backend that cannot delete conditionally keeps its objects.
   *
   * @returns the digests of which nothing is left.
   * @throws StorageError when a store refuses, after the others were tried; the digest stays condemned then.
   */
  async reclaim(digests: readonly Digest[], options: ReclaimOptions = {}): Promise<readonly Digest[]> {
    const wanted = [...new Set(digests)];
    const reclaimed: Digest[] = [];
    const failures: unknown[] = [];
    for (let start = 0; start < wanted.length; start += condemnedAtOnce) {
      const condemned = await this.#condemn(wanted.slice(start, start + condemnedAtOnce));
      reclaimed.push(...(await this.#finish(condemned, options, failures)));
    }
    if (failures.length > 0) throw failures[0];
    return reclaimed;
  }

  /**
   * Ends what another reclaimer began with a digest and seems to have left; harmless while that one still works.
   *
   * @throws StorageError when a store refuses.
   */
  async takeOver(digest: Digest, options: ReclaimOptions = {}): Promise<void> {
    const failures: unknown[] = [];
    await this.#finish([digest], options, failures);
    if (failures.length > 0) throw failures[0];
  }

  /** Leaves out what somebody else has condemned: one reclaimer works on a digest. */
  #condemn(digests: readonly Digest[]): Promise<readonly Digest[]> {
    const now = utcTimestamp(this.#options.now());
    return this.#options.registry.unitOfWork(async ({ objects }) => {
      const others = new Set(await objects.listCondemned());
      return objects.condemn(
        digests.filter((digest) => !others.has(digest)),
        now,
      );
    });
  }

  /** Deletes the objects of condemned digests and absolves those of which nothing is left to delete. */
  async #finish(
    condemned: readonly Digest[],
    options: ReclaimOptions,
    failures: unknown[],
  ): Promise<readonly Digest[]> {
    const places = await this.#placesOf(condemned, options.store);
    const ours = await this.#ours(places);
    const gone = await this.#delete(ours, failures);
    const left = ours.filter((place) => !gone.has(place));
    const absolved = await this.#absolve(condemned, gone, digestsOf(left));
    const found = digestsOf(places);
    const kept = digestsOf(places.filter((place) => !gone.has(place)));
    return absolved.filter((digest) => found.has(digest) && !kept.has(digest));
  }

  /**
   * Lifts the condemnations of which nothing is left. Looked up inside the transaction: a digest may have been absolved
   * by somebody who took it over, saved, and condemned anew, and then its objects are another reclaimer's to delete.
   */
  #absolve(
    condemned: readonly Digest[],
    gone: ReadonlySet<Place>,
    left: ReadonlySet<Digest>,
  ): Promise<readonly Digest[]> {
    return this.#options.registry.unitOfWork(async ({ objects }) => {
      const back = digestsOf(await this.#thereAgain([...gone]));
      const still = new Set(await objects.listCondemned());
      const absolved = condemned.filter(
        (digest) => still.has(digest) && !left.has(digest) && !back.has(digest),
      );
      const lifted = new Set(absolved);
      for (const { digest, storeName } of gone) {
        if (lifted.has(digest)) await objects.deleteLocation(digest, storeName);
      }
      await objects.absolve(absolved);
      return absolved;
    });
  }

  async #thereAgain(places: readonly Place[]): Promise<readonly Place[]> {
    const { storage } = this.#options;
    const states = await Promise.all(
      places.map(({ storeName, key }) => storage.adapter(storeName).head(key).catch(unlessDamaged)),
    );
    return places.filter((_, index) => states[index] !== undefined);
  }

  async #placesOf(digests: readonly Digest[], store: string | undefined): Promise<readonly Place[]> {
    const { objects } = this.#options.registry.repositories;
    const places: Place[] = [];
    for (const digest of digests) {
      const keys = new Map(
        (await objects.findLocations(digest)).map(({ storeName, key }) => [storeName, key]),
      );
      if (store !== undefined) keys.set(store, contentKey(digest));
      for (const [storeName, key] of keys) places.push({ digest, storeName, key: key as ObjectKey });
    }
    return places;
  }

  /** The places in configured stores that belong to this registry and can delete conditionally. */
  async #ours(places: readonly Place[]): Promise<readonly Place[]> {
    const { storage, claim } = this.#options;
    const ours = new Set<string>();
    for (const storeName of storesOf(places)) {
      if (!storage.storeNames.includes(storeName)) continue;
      if (!storage.adapter(storeName).capabilities.deleteIfMatch) continue;
      if ((await claim.owner(storeName)) === 'ours') ours.add(storeName);
    }
    return places.filter(({ storeName }) => ours.has(storeName));
  }

  /** @returns the places where nothing is left. */
  async #delete(places: readonly Place[], failures: unknown[]): Promise<ReadonlySet<Place>> {
    const gone = new Set<Place>();
    for (const storeName of storesOf(places)) {
      const inStore = places.filter((place) => place.storeName === storeName);
      try {
        for (const [place, error] of await this.#deleteFrom(storeName, inStore)) {
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
   * @returns what became of the places whose digests are condemned still: nothing is left there, or the error.
   */
  async #deleteFrom(
    storeName: string,
    places: readonly Place[],
  ): Promise<ReadonlyMap<Place, Error | undefined>> {
    const outcomes = new Map<Place, Error | undefined>();
    let waiting = places;
    while (waiting.length > 0) {
      const tried = await this.#tryToDelete(storeName, waiting);
      for (const [place, error] of tried) outcomes.set(place, error);
      waiting = [...tried].filter(([, error]) => hasChanged(error)).map(([place]) => place);
      for (const place of waiting) outcomes.delete(place);
    }
    return outcomes;
  }

  async #tryToDelete(
    storeName: string,
    places: readonly Place[],
  ): Promise<ReadonlyMap<Place, Error | undefined>> {
    const adapter = this.#options.storage.adapter(storeName);
    const { objects } = this.#options.registry.repositories;
    const states = await Promise.all(places.map(({ key }) => stateOf(adapter, key)));
    const outcomes = new Map<Place, Error | undefined>();
    const targets: DeleteTarget[] = [];
    for (const [index, place] of places.entries()) {
      if (!(await objects.isCondemned(place.digest))) continue;
      const state = states[index];
      outcomes.set(place, undefined);
      if (state === 'unknown') targets.push({ key: place.key });
      else if (state !== undefined) targets.push({ key: place.key, ifMatch: state.etag });
    }
    const results = targets.length === 0 ? [] : await adapter.delete(targets);
    const refused = new Map(
      results.flatMap((result) => ('error' in result ? [[result.key, result.error]] : [])),
    );
    for (const place of outcomes.keys()) outcomes.set(place, refused.get(place.key));
    return outcomes;
  }
}

function hasChanged(error: Error | undefined): boolean {
  return StorageError.isInstance(error, 'precondition-failed');
}

/** The state of an object that is to be deleted. That of one whose bytes are lost is in the listing still. */
async function stateOf(adapter: StorageAdapter, key: ObjectKey): Promise<ObjectInfo | 'unknown' | undefined> {
  const info = await adapter.head(key).catch(unlessDamaged);
  if (info !== 'damaged') return info;
  for await (const { objects } of adapter.list({ prefix: key, pageSize: 1 })) {
    const listed = objects.find((object) => object.key === key);
    if (listed !== undefined) return listed;
  }
  return 'unknown';
}

function unlessDamaged(error: unknown): 'damaged' {
  if (StorageError.isInstance(error, 'corrupt')) return 'damaged';
  throw error;
}

function digestsOf(places: readonly Place[]): ReadonlySet<Digest> {
  return new Set(places.map(({ digest }) => digest));
}

function storesOf(places: readonly Place[]): ReadonlySet<string> {
  return new Set(places.map(({ storeName }) => storeName));
}
