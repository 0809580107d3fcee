import { type Digest, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { type DeleteTarget, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { deletableState } from './deletable-state.ts';
import { type Deletion, Deletions, assertOpen } from './fence/deletions.ts';
import type { StoreClaim } from './fence/store-claim.ts';
import { type Place, digestsOf, placesOf, storesOf } from './object-places.ts';
import { outOfReach, underWay } from './reclaim-error.ts';

export interface ObjectReclaimerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly now: () => number;
  readonly createId: () => string;
  /** Whether nobody else deletes in these stores, not even late: then what others began can always be ended. @default false */
  readonly isAlone?: boolean | undefined;
}

/** What is to be looked at beside the known locations. */
export interface ReclaimOptions {
  /** Look in this store too, for objects that were never published; an object counts as gone when it is gone there. */
  readonly store?: string | undefined;
  /** The deletion that this is a part of. @default one of its own, in all stores that hold the digests */
  readonly deletion?: Deletion | undefined;
}

/** What one owner of condemnations has to do. */
interface Work {
  /** It owns the condemnations: its id is of this piece of work, not of the process. */
  readonly deletion: Deletion;
  readonly digests: readonly Digest[];
  readonly places: readonly Place[];
}

/** How many digests are condemned at once, so that nobody waits for long. */
const condemnedAtOnce = 100;

/** In a store with more versions than this, only a collection looks through them all. */
const mostManifests = 10_000;

/**
 * Deletes objects that nothing needs, safely beside savers and beside other reclaimers. No clock decides:
 *
 * 1. The claims of the stores are marked, and everything in them is found to be known (see {@link Deletions}).
 * 2. A digest is condemned in a transaction that checks references and leases; who wants to lease it waits from then on.
 *    The condemnation has an owner, and whoever takes it over becomes the only one.
 * 3. Its objects are looked up, the owner makes sure that it is the owner still, and just those states are deleted.
 * 4. When they are gone, the owner lifts the condemnation.
 *
 * Why no interleaving of these steps loses an object that somebody relies on: docs/decisions/0012.
 */
export class ObjectReclaimer {
  readonly #options: ObjectReclaimerOptions;
  readonly #deletions: Deletions;

  constructor(options: ObjectReclaimerOptions) {
    this.#options = options;
    this.#deletions = new Deletions(options);
  }

  /**
   * Deletes those of the digests that no version refers to and nobody has leased, from every store that is ours.
   * A backend that cannot delete conditionally keeps its objects. What somebody else has condemned is left to them.
   *
   * @returns the digests of which nothing was left.
   * @throws StorageError when a store refuses, after the others were tried; the digest stays condemned then.
   *   `permission-denied` when a store has versions that this registry does not know, `unsupported` when it has too many
   *   for a look at all of them.
   */
  async reclaim(digests: readonly Digest[], options: ReclaimOptions = {}): Promise<readonly Digest[]> {
    if (options.deletion !== undefined)
      return this.#reclaim(digests, { ...options, deletion: options.deletion });
    const { objects } = this.#options.registry.repositories;
    const unneeded = (await objects.findUnreferenced(digests)).map(({ digest }) => digest);
    const places = await placesOf(objects, unneeded, options.store === undefined ? [] : [options.store]);
    const stores = await this.#ours(storesOf(this.#deletable(places)));
    if (stores.size === 0) return [];
    const run = async (deletion: Deletion): Promise<readonly Digest[]> => {
      const reclaimed = await this.#reclaim(unneeded, { ...options, deletion });
      for (const stop of deletion.stops.values()) throw stop;
      return reclaimed;
    };
    return this.#deletions.during(stores, run, { limit: mostManifests });
  }

  async #reclaim(
    digests: readonly Digest[],
    options: ReclaimOptions & { readonly deletion: Deletion },
  ): Promise<readonly Digest[]> {
    const wanted = [...new Set(digests)];
    const reclaimed: Digest[] = [];
    const failures: unknown[] = [];
    for (let start = 0; start < wanted.length; start += condemnedAtOnce) {
      const work = await this.#condemn(wanted.slice(start, start + condemnedAtOnce), options);
      reclaimed.push(...(await this.#finish(work, { failures, store: options.store })));
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
   *   `permission-denied` when a store belongs to another registry, or has versions that this one does not know.
   */
  async takeOver(digest: Digest, { deletion }: Pick<ReclaimOptions, 'deletion'> = {}): Promise<void> {
    const found = await this.#options.registry.repositories.objects.findCondemnation(digest);
    if (found === undefined) return;
    if (deletion !== undefined) return this.#takeOver(digest, deletion);
    const known = found.storeNames.filter((name) => this.#options.storage.storeNames.includes(name));
    await this.#deletions.during(known, (own) => this.#takeOver(digest, own), {
      isAlone: this.#options.isAlone === true,
    });
  }

  async #takeOver(digest: Digest, deletion: Deletion): Promise<void> {
    const work = await this.#inherit(digest, deletion);
    const failures: unknown[] = [];
    await this.#finish(work, { failures });
    if (failures.length > 0) throw failures[0];
  }

  #condemn(
    digests: readonly Digest[],
    { store, deletion }: ReclaimOptions & { readonly deletion: Deletion },
  ): Promise<Work> {
    const { registry, now } = this.#options;
    const { id: by } = deletion;
    return registry.unitOfWork(async (repositories) => {
      const { objects } = repositories;
      await assertOpen(repositories, by);
      const places = await placesOf(objects, digests, store === undefined ? [] : [store]);
      const storeNames = [...storesOf(this.#deletable(places))].filter((name) =>
        deletion.storeNames.has(name),
      );
      const condemned = await objects.condemn(digests, { now: utcTimestamp(now()), by, storeNames });
      const isCondemned = new Set(condemned);
      return { deletion, digests: condemned, places: places.filter(({ digest }) => isCondemned.has(digest)) };
    });
  }

  /** Looks wherever an owner before may be deleting: only then is it sure that nothing of theirs is under way. */
  #inherit(digest: Digest, deletion: Deletion): Promise<Work> {
    const { registry } = this.#options;
    const { id: by } = deletion;
    return registry.unitOfWork(async (repositories) => {
      const { objects } = repositories;
      await assertOpen(repositories, by);
      const found = await objects.findCondemnation(digest);
      if (found === undefined) return { deletion, digests: [], places: [] };
      const places = await placesOf(objects, [digest], found.storeNames);
      const reachable = storesOf(this.#deletable(places));
      const lost = found.storeNames.filter((name) => !reachable.has(name));
      if (lost.length > 0) throw outOfReach(digest, lost);
      const exposed = found.storeNames.filter((name) => this.#isExposed(name));
      if (exposed.length > 0) throw underWay(digest, exposed);
      for (const name of found.storeNames) {
        const stop = deletion.stops.get(name);
        if (stop !== undefined) throw stop;
        if (!deletion.storeNames.has(name)) throw outOfReach(digest, [name]);
      }
      await objects.takeOver(digest, { by, storeNames: [...reachable] });
      return { deletion, digests: [digest], places };
    });
  }

  /** Deletes the objects of condemned digests and absolves those of which nothing is left to delete. */
  async #finish(
    work: Work,
    { failures, store }: { readonly failures: unknown[]; readonly store?: string | undefined },
  ): Promise<readonly Digest[]> {
    const { storeNames } = work.deletion;
    const ours = work.places.filter((place) => storeNames.has(place.storeName));
    const gone = await this.#delete({ ...work, places: ours }, failures);
    const left = digestsOf(ours.filter((place) => !gone.has(place)));
    const absolved = await this.#absolve(work, gone, left);
    const found = digestsOf(work.places);
    const isAsked = (place: Place): boolean => store === undefined || place.storeName === store;
    const kept = digestsOf(work.places.filter((place) => isAsked(place) && !gone.has(place)));
    return absolved.filter((digest) => found.has(digest) && !kept.has(digest));
  }

  async #absolve(
    { deletion: { id: by }, digests }: Work,
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

  /** Those of the stores that belong to this registry. */
  async #ours(storeNames: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const ours = new Set<string>();
    for (const storeName of storeNames)
      if ((await this.#options.claim.owner(storeName)) === 'ours') ours.add(storeName);
    return ours;
  }

  /** @returns the places where nothing is left. */
  async #delete({ deletion: { id: by }, places }: Work, failures: unknown[]): Promise<ReadonlySet<Place>> {
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
    const states = await Promise.all(places.map(({ key }) => deletableState(adapter, key)));
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
