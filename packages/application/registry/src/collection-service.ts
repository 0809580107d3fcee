import { type Digest, type RegistryStore, type UnreferencedObject, utcTimestamp } from '@holdfast/domain';
import { type Cancellable, type LeftoverReport, type ObjectInfo, StorageError } from '@holdfast/ports';
import {
  type StorageService,
  collectSpools,
  contentKey,
  contentPrefix,
  digestOfContentKey,
  probeConditions,
} from '@holdfast/storage';
import { createUuid } from './create-uuid.ts';
import { ObjectReclaimer } from './object-reclaimer.ts';
import { StoreClaim } from './store-claim.ts';
import { StorePresence } from './store-presence.ts';

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
  readonly isDryRun?: boolean;
  /** Take every lease as lapsed: for when nobody saves. Whoever does all the same has to save again. @default false */
  readonly areLeasesIgnored?: boolean;
  /**
   * Nobody else collects or removes: what another one began and did not end is ended here, also in stores where it
   * could not be told from one that still works. @default false
   */
  readonly isAlone?: boolean;
  /** Only this store. @default every configured one */
  readonly store?: string;
  /** Told how many objects have been looked at. */
  readonly onProgress?: (examinedObjects: number) => void;
}

/** What became of something in a store. Objects that a version needs are not told. */
export interface CollectedItem {
  /** The store, or the folder of spools. */
  readonly storeName: string;
  /** The object's key, the leftover's name, or nothing when it is the whole store. */
  readonly name: string;
  readonly sizeBytes: number;
  /** `removed` means "would be" in a dry run. */
  readonly outcome: 'removed' | 'kept';
  readonly reason: string;
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
   * @throws StorageError when a store or the registry cannot be read or written; what was told is done. `unavailable`, at
   *   the end, when a store was used and is gone.
   */
  async *collect(options: CollectOptions = {}): AsyncIterable<CollectedItem> {
    const now = options.areLeasesIgnored === true ? (): number => endOfTimeMs : this.#now;
    const reclaimer = new ObjectReclaimer({
      registry: this.#registry,
      storage: this.#storage,
      claim: this.#claim,
      createId: this.#createId,
      now,
      isAlone: options.isAlone === true,
    });
    if (options.isDryRun !== true) yield* this.#endInterrupted(reclaimer);
    const stores = options.store === undefined ? this.#storage.storeNames : [options.store];
    let gone: StorageError | undefined;
    for (const storeName of stores) {
      const error = await this.#presence.whyGone(storeName, options);
      if (error !== undefined) {
        gone ??= error;
        yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason: error.message };
        continue;
      }
      const reason = await this.#whyUntouchable(storeName);
      if (reason !== undefined) yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason };
      else yield* this.#collectStore(storeName, reclaimer, { ...options, now });
    }
    if (options.store === undefined) {
      const { spoolFolder } = this.#storage;
      yield* leftovers(spoolFolder, await collectSpools(spoolFolder, options));
    }
    if (options.isDryRun !== true)
      await this.#registry.repositories.objects.deleteLapsedLeases(utcTimestamp(now()));
    if (gone !== undefined) throw gone;
  }

  async #whyUntouchable(storeName: string): Promise<string | undefined> {
    const owner = await this.#claim.owner(storeName);
    if (owner === 'foreign') return 'the store belongs to another registry';
    return owner === 'nobody'
      ? 'no registry has claimed the store: nothing was ever saved into it from here, or its server does not decide conditions, as holdfast doctor reports'
      : undefined;
  }

  async *#collectStore(
    storeName: string,
    reclaimer: ObjectReclaimer,
    options: CollectOptions & { readonly now: () => number },
  ): AsyncIterable<CollectedItem> {
    const adapter = this.#storage.adapter(storeName);
    if (options.isDryRun !== true) await probeConditions(adapter, options);
    if (adapter.capabilities.deleteIfMatch) yield* this.#collectObjects(storeName, reclaimer, options);
    else yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason: whyNeverCollected };
    if (adapter.maintenance === undefined) return;
    if (options.isDryRun !== true) await adapter.maintenance.snapshot();
    const report = await adapter.maintenance
      .collectLeftovers({ ...options, whyKept: (key) => this.#whyUploadStays(key, options) })
      .catch((error: unknown) => unlisted(error));
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

  async *#collectObjects(
    storeName: string,
    reclaimer: ObjectReclaimer,
    options: CollectOptions & { readonly now: () => number },
  ): AsyncIterable<CollectedItem> {
    let examinedObjects = 0;
    const adapter = this.#storage.adapter(storeName);
    for await (const { objects } of adapter.list({
      prefix: contentPrefix,
      pageSize,
      signal: options.signal,
    })) {
      yield* this.#collectPage(storeName, objects, { ...options, reclaimer });
      examinedObjects += objects.length;
      options.onProgress?.(examinedObjects);
    }
  }

  /** A collection that died has left digests condemned, which nobody can save meanwhile. */
  async *#endInterrupted(reclaimer: ObjectReclaimer): AsyncIterable<CollectedItem> {
    const known = this.#storage.storeNames;
    for (const { digest, storeNames } of await this.#registry.repositories.objects.listCondemned()) {
      const waiting = { name: contentKey(digest), sizeBytes: 0, outcome: 'kept' } as const;
      const lost = storeNames.find((name) => !known.includes(name));
      if (lost !== undefined) yield { ...waiting, storeName: lost, reason: whyWaiting };
      else if (!(await hasTakenOver(reclaimer, digest)))
        yield { ...waiting, storeName: storeNames.join(', '), reason: whyUnderWay };
    }
  }

  async *#collectPage(
    storeName: string,
    objects: readonly ObjectInfo[],
    options: CollectOptions & { readonly now: () => number; readonly reclaimer: ObjectReclaimer },
  ): AsyncIterable<CollectedItem> {
    const byDigest = new Map(objects.flatMap((info) => entryOf(info)));
    const unreferenced = await this.#registry.repositories.objects.findUnreferenced([...byDigest.keys()]);
    const now = utcTimestamp(options.now());
    const garbage = unreferenced.filter(({ leasedUntil }) => leasedUntil === undefined || leasedUntil < now);
    const reclaimed =
      options.isDryRun === true
        ? garbage.map(({ digest }) => digest)
        : await options.reclaimer.reclaim(
            garbage.map(({ digest }) => digest),
            { store: storeName },
          );
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

const whyUnderWay =
  'another command has begun to delete it: should that one have died, say --alone while nobody else collects or removes';

/** An object that somebody saves again at this moment would be deleted under them. */
const whyNeverCollected =
  'its objects are never collected: the store cannot delete one only in the state that was judged. Use a store of another kind, such as the store layout, for what is to be collected';

/** @returns false when somebody else may still be deleting there. */
async function hasTakenOver(reclaimer: ObjectReclaimer, digest: Digest): Promise<boolean> {
  try {
    await reclaimer.takeOver(digest);
    return true;
  } catch (error) {
    if (StorageError.isInstance(error, 'locked')) return false;
    throw error;
  }
}

function whyKept({ leasedUntil }: UnreferencedObject): string {
  return leasedUntil === undefined
    ? 'somebody began to rely on it meanwhile'
    : `somebody is about to rely on it: leased until ${leasedUntil}`;
}

/** A bucket may hide its open uploads from those who may use its objects; others do not know such a request. */
function unlisted(error: unknown): LeftoverReport {
  const isHidden =
    StorageError.isInstance(error, 'permission-denied') || StorageError.isInstance(error, 'unsupported');
  if (!isHidden) throw error;
  return {
    removed: [],
    kept: [{ name: '', sizeBytes: 0, reason: `its open uploads cannot be listed: ${error.message}` }],
  };
}

function* leftovers(storeName: string, report: LeftoverReport): Iterable<CollectedItem> {
  for (const item of report.removed) yield { storeName, ...item, outcome: 'removed' };
  for (const item of report.kept) yield { storeName, ...item, outcome: 'kept' };
}

/** What lies where a content-addressed object would, under another name, is nobody's business here. */
function entryOf(info: ObjectInfo): readonly (readonly [Digest, ObjectInfo])[] {
  const digest = digestOfContentKey(info.key);
  return digest === undefined ? [] : [[digest, info]];
}
