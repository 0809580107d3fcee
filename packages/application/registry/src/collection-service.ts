import {
  type RegistryStore,
  type UnreferencedObject,
  utcTimestamp,
  contentKey,
  contentPrefix,
  digestOfContentKey,
} from '@holdfast/domain';
import { type Cancellable, type LeftoverReport, type ObjectInfo, type StorageError } from '@holdfast/ports';
import { type StorageService, collectSpools } from '@holdfast/storage';
import type { CollectedItem } from './collected-item.ts';
import { contentEntryOf } from './content-entry.ts';
import { createUuid } from './create-uuid.ts';
import { type Deletion, Deletions } from './fence/deletions.ts';
import { findUnknown } from './fence/find-unknown.ts';
import { LeftoverManifests } from './fence/leftover-manifests.ts';
import { StoreClaim } from './fence/store-claim.ts';
import { unknownVersions } from './fence/survey-manifests.ts';
import { ObjectReclaimer } from './object-reclaimer.ts';
import { snapshotOf } from './snapshot-of.ts';
import { StorePresence } from './store-presence.ts';
import { takeOverDigest } from './take-over-digest.ts';
import { unlistedUploads } from './unlisted-uploads.ts';

export interface CollectionServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
}

export interface CollectOptions extends Cancellable {
  /** Only tell. @default false */
  readonly isDryRun?: boolean | undefined;
  /** Take every lease as lapsed: for when nobody saves. Whoever does all the same has to save again. @default false */
  readonly areLeasesIgnored?: boolean | undefined;
  /**
   * Nobody else collects or removes: what another one began and did not end is ended here, also in stores where it
   * could not be told from one that still works. @default false
   */
  readonly isAlone?: boolean | undefined;
  /** Only this store. @default every configured one */
  readonly store?: string | undefined;
  /** Told how many objects have been looked at. */
  readonly onProgress?: (examinedObjects: number) => void;
}

/** A collection that is under way; without a deletion it only tells. */
interface Collecting extends CollectOptions {
  readonly now: () => number;
  readonly reclaimer?: ObjectReclaimer | undefined;
  readonly deletion?: Deletion | undefined;
}

/** How many objects are judged at once. */
const pageSize = 1_000;

/** Later than any lease. */
const endOfTimeMs = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Deletes what no version needs, beside savers that are at work: objects, and what interrupted writers left.
 *
 * Only stores that this registry has claimed are touched, and in them nothing outside `objects/`.
 * Whether an object goes is decided by references and leases in one transaction, never by its age.
 */
export class CollectionService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #claim: StoreClaim;
  readonly #presence: StorePresence;

  constructor(options: CollectionServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#now = options.now ?? Date.now;
    this.#createId = options.createId ?? createUuid;
    this.#claim = new StoreClaim(options.registry, options.storage);
    this.#presence = new StorePresence(options);
  }

  /**
   * Collects store by store and tells what goes and what has to stay, with the reason.
   *
   * @throws StorageError when a store or the registry cannot be read or written; what was told is done. At the end,
   *   `unavailable` when a store was used and is gone, or `permission-denied` when one has versions that this registry does
   *   not know: nothing is deleted there.
   */
  async *collect(options: CollectOptions = {}): AsyncIterable<CollectedItem> {
    const now = options.areLeasesIgnored === true ? (): number => endOfTimeMs : this.#now;
    const stores = options.store === undefined ? this.#storage.storeNames : [options.store];
    const touchable: string[] = [];
    const stops: StorageError[] = [];
    for (const storeName of stores) {
      const error = await this.#presence.whyGone(storeName, options);
      if (error !== undefined) {
        stops.push(error);
        yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason: error.message };
        continue;
      }
      const reason = await this.#whyUntouchable(storeName);
      if (reason === undefined) touchable.push(storeName);
      else yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason };
    }
    stops.push(
      ...(options.isDryRun === true
        ? yield* this.#foresee(touchable, { ...options, now })
        : yield* this.#collectAll(touchable, { ...options, now })),
    );
    if (options.store === undefined) {
      const { spoolFolder } = this.#storage;
      yield* leftovers(spoolFolder, await collectSpools(spoolFolder, options));
    }
    for (const stop of stops) throw stop;
  }

  /** @returns why nothing was deleted from some stores. */
  async *#collectAll(
    storeNames: readonly string[],
    options: Collecting,
  ): AsyncGenerator<CollectedItem, readonly StorageError[]> {
    const { registry, storage, claim, createId } = this.#collaborators;
    const { now, signal, isAlone = false } = options;
    const deletions = new Deletions({ ...this.#collaborators, now: this.#now });
    const reclaimer = new ObjectReclaimer({ registry, storage, claim, createId, now, isAlone });
    await registry.repositories.manifests.condemnLapsed(utcTimestamp(now()));
    await using deletion = await deletions.begin(storeNames, { signal, isAlone });
    yield* this.#endInterrupted(reclaimer, deletion);
    await deletions.endStale(storage.storeNames, { isAlone, present: deletion.id });
    for (const storeName of storeNames) {
      if (deletion.stops.has(storeName)) continue;
      yield* this.#collectStore(storeName, { ...options, reclaimer, deletion });
    }
    await new LeftoverManifests(this.#collaborators).finish(deletion);
    await registry.repositories.objects.deleteLapsedLeases(utcTimestamp(now()));
    return [...deletion.stops.values()];
  }

  /** What would be done, as far as it can be told without doing it. */
  async *#foresee(
    storeNames: readonly string[],
    options: Collecting,
  ): AsyncGenerator<CollectedItem, readonly StorageError[]> {
    const stops: StorageError[] = [];
    for (const storeName of storeNames) {
      const areManifestsNamed = (await this.#claim.read(storeName, options))?.areManifestsNamed === true;
      const survey = { registry: this.#registry, storage: this.#storage, storeName, areManifestsNamed };
      const { unknown } = await findUnknown({ ...survey, isNoted: false, signal: options.signal });
      if (unknown.length > 0) stops.push(unknownVersions(storeName, unknown));
      else yield* this.#collectStore(storeName, options);
    }
    return stops;
  }

  async #whyUntouchable(storeName: string): Promise<string | undefined> {
    const owner = await this.#claim.owner(storeName);
    if (owner === 'foreign') return 'the store belongs to another registry';
    return owner === 'unclaimed'
      ? 'no registry has claimed the store: nothing was ever saved into it from here, or its server does not decide conditions, as holdfast doctor reports'
      : undefined;
  }

  async *#collectStore(storeName: string, options: Collecting): AsyncIterable<CollectedItem> {
    const adapter = this.#storage.adapter(storeName);
    const { deletion } = options;
    const isCollectable = deletion?.storeNames.has(storeName) ?? adapter.capabilities.deleteIfMatch;
    if (isCollectable) {
      if (deletion !== undefined)
        yield* new LeftoverManifests(this.#collaborators).collect(storeName, deletion);
      yield* this.#collectObjects(storeName, options);
    } else yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason: whyNeverCollected };
    if (adapter.maintenance === undefined) return;
    if (options.isDryRun !== true) yield* snapshotOf(storeName, adapter.maintenance);
    const report = await adapter.maintenance
      .collectLeftovers({ ...options, whyKept: (key) => this.#whyUploadStays(key, options) })
      .catch((error: unknown) => unlistedUploads(error));
    yield* leftovers(storeName, report);
  }

  /** A saver leases its digest before it sends a byte, so an upload of a digest without a lease has lost its saver. */
  async #whyUploadStays(
    key: string,
    { isAlone, areLeasesIgnored, now }: CollectOptions & { readonly now: () => number },
  ): Promise<string | undefined> {
    if (isAlone === true || areLeasesIgnored === true) return undefined;
    const digest = digestOfContentKey(key);
    const { objects } = this.#registry.repositories;
    const [candidate] = digest === undefined ? [] : await objects.findUnreferenced([digest]);
    if (candidate === undefined) return whyUploadStays;
    const { leasedUntil } = candidate;
    return leasedUntil === undefined || leasedUntil < utcTimestamp(now()) ? undefined : whyKept(candidate);
  }

  get #collaborators() {
    const [registry, storage, claim, createId] = [this.#registry, this.#storage, this.#claim, this.#createId];
    return { registry, storage, claim, createId };
  }

  async *#collectObjects(storeName: string, options: Collecting): AsyncIterable<CollectedItem> {
    let examinedObjects = 0;
    const adapter = this.#storage.adapter(storeName);
    for await (const { objects } of adapter.list({
      prefix: contentPrefix,
      pageSize,
      signal: options.signal,
    })) {
      yield* this.#collectPage(storeName, objects, options);
      examinedObjects += objects.length;
      options.onProgress?.(examinedObjects);
    }
  }

  /** A collection that died has left digests condemned, which nobody can save meanwhile. */
  async *#endInterrupted(reclaimer: ObjectReclaimer, deletion: Deletion): AsyncIterable<CollectedItem> {
    const known = this.#storage.storeNames;
    for (const { digest, storeNames } of await this.#registry.repositories.objects.listCondemned()) {
      const waiting = { name: contentKey(digest), sizeBytes: 0, outcome: 'kept' } as const;
      const lost = storeNames.find((name) => !known.includes(name));
      if (lost !== undefined) {
        yield { ...waiting, storeName: lost, reason: whyWaiting };
        continue;
      }
      const isCovered = storeNames.every((name) => deletion.storeNames.has(name));
      const reason = await takeOverDigest(reclaimer, digest, isCovered ? deletion : undefined);
      if (reason !== undefined) yield { ...waiting, storeName: storeNames.join(', '), reason };
    }
  }

  async *#collectPage(
    storeName: string,
    objects: readonly ObjectInfo[],
    options: Collecting,
  ): AsyncIterable<CollectedItem> {
    const byDigest = new Map(objects.flatMap((info) => contentEntryOf(info)));
    const unreferenced = await this.#registry.repositories.objects.findUnreferenced([...byDigest.keys()]);
    const now = utcTimestamp(options.now());
    const garbage = unreferenced.filter(({ leasedUntil }) => leasedUntil === undefined || leasedUntil < now);
    const digests = garbage.map(({ digest }) => digest);
    const { reclaimer, deletion } = options;
    const reclaimed =
      reclaimer === undefined ? digests : await reclaimer.reclaim(digests, { store: storeName, deletion });
    const isGone = new Set(reclaimed);
    for (const candidate of unreferenced) {
      const info = byDigest.get(candidate.digest);
      if (info === undefined) continue;
      const item = { storeName, name: info.key, sizeBytes: info.sizeBytes };
      if (isGone.has(candidate.digest))
        yield { ...item, outcome: 'removed', reason: 'no version refers to it' };
      else yield { ...item, outcome: 'kept', reason: whyKept(candidate) };
    }
  }
}

const whyUploadStays =
  'a command may still be sending it: run holdfast gc --alone while nothing else saves, collects or removes';

const whyWaiting =
  'its deletion was begun in this store, which is not configured here: collect where it is, or configure an empty one';

/** An object that somebody saves again at this moment would be deleted under them. */
const whyNeverCollected =
  'its objects are never collected: the store cannot delete one only in the state that was judged. Use a store of another kind, such as the store layout, for what is to be collected';

function whyKept({ leasedUntil }: UnreferencedObject): string {
  return leasedUntil === undefined
    ? 'another process began to use it meanwhile'
    : `a save may be about to use it: leased until ${leasedUntil}`;
}

function* leftovers(storeName: string, report: LeftoverReport): Iterable<CollectedItem> {
  for (const item of report.removed) yield { storeName, ...item, outcome: 'removed' };
  for (const item of report.kept) yield { storeName, ...item, outcome: 'kept' };
}
