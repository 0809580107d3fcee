import {
  type Digest,
  type ObjectKey,
  type ObjectLocation,
  type RegistryStore,
  utcTimestamp,
  digestOfContentKey,
} from '@holdfast/domain';
import {
  type MirrorOptions,
  type MirroredObject,
  type StorageService,
  TransferService,
} from '@holdfast/storage';
import { mirrorManifests } from './fence/mirror-manifests.ts';
import { StoreClaim } from './fence/store-claim.ts';
import { forbidden, isAbsentRegistry } from './registry-error.ts';
import { assertAccepting } from './retirement/assert-accepting.ts';
import { StorePresence } from './store-presence.ts';

export interface MirrorServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

export interface MirrorServiceRunOptions extends MirrorOptions {
  /** The target was used before and holds nothing any more, since its disk was replaced: fill it again. @default false */
  readonly isRefill?: boolean | undefined;
}

/** How many objects are recorded in one transaction. */
const recordedAtOnce = 200;

/**
 * Mirrors stores and remembers where the copies are stored, so that what is damaged in one store can be read from the
 * other, and is repaired there. The target is claimed for this registry: it is collected and verified as the source is.
 * Without a registry there is nothing to remember: objects are brought over as they are, and no store is claimed.
 */
export class MirrorService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #claim: StoreClaim;
  readonly #presence: StorePresence;
  readonly #transfer: TransferService;
  readonly #now: () => number;

  constructor({ registry, storage, now = Date.now }: MirrorServiceOptions) {
    this.#registry = registry;
    this.#storage = storage;
    this.#claim = new StoreClaim(registry, storage);
    this.#presence = new StorePresence({ registry, storage });
    this.#transfer = new TransferService({ storage });
    this.#now = now;
  }

  /**
   * Brings every object of a store into another one and reports of each what became of it; see
   * {@link TransferService.mirror}. An object is reported when its new place is recorded. What the registry knows to be
   * damaged in the target is replaced. Manifests of versions come last, and are never replaced: one that differs
   * in the target is `failed`.
   *
   * @throws StorageError as that does; `permission-denied` when the target belongs to another registry; `unavailable`
   *   when one of the stores was used and is gone.
   */
  async *mirror(
    from: string,
    to: string,
    options: MirrorServiceRunOptions = {},
  ): AsyncIterable<MirroredObject> {
    await this.#presence.assert(from, options);
    await assertAccepting(this.#registry.repositories.objects, [to]);
    const damaged = await this.#damagedIn(to);
    const isDamaged = async (key: ObjectKey): Promise<boolean> => damaged.has(key);
    const objects = this.#transfer.mirror(from, to, { ...options, isDamaged });
    const manifests = mirrorManifests(from, to, {
      ...options,
      registry: this.#registry,
      storage: this.#storage,
    });
    if (options.isDryRun === true) {
      yield* objects;
      return yield* manifests;
    }
    if (!(await this.#prepare(to, options))) return yield* objects;
    let waiting: MirroredObject[] = [];
    try {
      for await (const object of objects) {
        waiting.push(object);
        if (waiting.length < recordedAtOnce) continue;
        await this.#record(to, waiting);
        yield* waiting;
        waiting = [];
      }
    } finally {
      await this.#record(to, waiting);
    }
    yield* waiting;
    yield* manifests;
  }

  /**
   * Claims the target.
   *
   * @returns false when there is no registry to claim it for, and none that it belongs to.
   */
  async #prepare(
    to: string,
    { signal, isRefill: mayBeEmpty = false }: MirrorServiceRunOptions,
  ): Promise<boolean> {
    try {
      await this.#claim.ensure(to, { signal, mayBeEmpty });
      return true;
    } catch (error) {
      if (!isAbsentRegistry(error)) throw error;
    }
    if ((await this.#claim.read(to, { signal })) === undefined) return false;
    throw forbidden(
      `The store ${to} belongs to a registry, and there is none here.`,
      'Configure the database that the store belongs to, or another store.',
    );
  }

  /** The keys at which a store holds something else than was saved, as far as the registry knows. */
  async #damagedIn(storeName: string): Promise<ReadonlySet<ObjectKey>> {
    const damaged = new Set<ObjectKey>();
    let after: string | undefined;
    do {
      const query = { storeName, state: 'corrupt' as const, after };
      const { items, next } = await this.#registry.repositories.objects.listLocations(query);
      for (const { key } of items) damaged.add(key as ObjectKey);
      after = next;
    } while (after !== undefined);
    return damaged;
  }

  /** What no version needs gets no location: it is the collector's. */
  async #record(storeName: string, mirrored: readonly MirroredObject[]): Promise<void> {
    const locations = new Map(mirrored.flatMap((object) => this.#locationOf(storeName, object)));
    if (locations.size === 0) return;
    const digests = [...locations.keys()];
    await this.#registry.unitOfWork(async ({ objects }) => {
      await assertAccepting(objects, [storeName]);
      for (const { digest } of await objects.findUnreferenced(digests)) locations.delete(digest);
      for (const [digest, { location, isNew }] of locations) {
        const known = (await objects.findLocations(digest)).find((place) => place.storeName === storeName);
        if (known === undefined || isNew) await objects.putLocation(location);
      }
    });
  }

  #locationOf(
    storeName: string,
    { key, sizeBytes, outcome, target }: MirroredObject,
  ): readonly (readonly [Digest, { readonly location: ObjectLocation; readonly isNew: boolean }])[] {
    const digest = digestOfContentKey(key);
    if (digest === undefined || target === undefined) return [];
    const isNew = outcome !== 'unchanged';
    const verifiedAt = isNew ? utcTimestamp(this.#now()) : target.lastModified;
    return [
      [digest, { isNew, location: { digest, storeName, key, sizeBytes, verifiedAt, state: 'verified' } }],
    ];
  }
}
