import { type Digest, type ObjectLocation, type RegistryStore, contentKey } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import { AffectedVersions } from './affected-versions.ts';
import type { Examination, ObjectExaminer } from './object-examiner.ts';
import { ObjectRepairer } from './object-repairer.ts';
import { type Affected, type Repair, type VerifiedObject, VerifiedState } from './verified-object.ts';

export interface FindingReporterOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly examiner: ObjectExaminer;
  readonly now: () => number;
  /** Where good bytes are taken from; nothing is repaired without it. */
  readonly repairFrom: string | undefined;
}

/** Says of what is not intact whom it affects and where the same bytes lie, and repairs it if that is wanted. */
export class FindingReporter {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #affected: AffectedVersions;
  readonly #repairer: ObjectRepairer | undefined;

  constructor({ repairFrom, ...options }: FindingReporterOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#affected = new AffectedVersions(options.registry, options.storage);
    this.#repairer =
      repairFrom === undefined ? undefined : new ObjectRepairer({ ...options, source: repairFrom });
  }

  /** Reports an object that is not intact. */
  async report(
    location: ObjectLocation,
    { state, reason }: Examination,
    options: Cancellable,
  ): Promise<VerifiedObject> {
    const { digest, storeName, key, sizeBytes } = location;
    const affected = await this.affected(digest, options);
    const repair = await this.#repair(location, state, { ...options, affected });
    return {
      state,
      digest,
      storeName,
      key,
      sizeBytes,
      ...(reason === undefined ? {} : { reason }),
      affected,
      copies: await this.#copiesOf(digest, storeName),
      ...(repair === undefined ? {} : { repair }),
    };
  }

  /** Reports a digest for which no place is registered; `undefined` when nobody needs it any more. */
  async reportLost(digest: Digest, options: Cancellable): Promise<VerifiedObject | undefined> {
    const affected = await this.affected(digest, options);
    const places = await this.#registry.repositories.objects.findLocations(digest);
    if (affected.length === 0 || places.length > 0) return undefined;
    const copies = await this.#holdersOf(digest, options);
    const repair = await this.#repairer?.locate(digest, options);
    return {
      state: VerifiedState.Unlocated,
      digest,
      sizeBytes: 0,
      reason: 'The registry knows no location of it.',
      affected,
      copies,
      ...(repair === undefined ? {} : { repair }),
    };
  }

  /** The versions that need a digest. */
  affected(digest: Digest, options: Cancellable): Promise<readonly Affected[]> {
    return this.#affected.of(digest, options);
  }

  /** Whether something that an interrupted run found was neither repaired nor removed since, as far as it is known. */
  async standsStill({ state, digest, storeName, affected, repair }: VerifiedObject): Promise<boolean> {
    if (digest === undefined || repair?.isRepaired === true || state === VerifiedState.Unreadable)
      return true;
    const { objects } = this.#registry.repositories;
    const places = await objects.findLocations(digest);
    if (state === VerifiedState.Unlocated) return places.length === 0;
    const place = places.find((one) => one.storeName === storeName);
    if (place !== undefined) return place.state === 'corrupt';
    // A record can be damaged that belongs to no registered object.
    return affected.length === 0 || (await objects.findOwners(digest)).length > 0;
  }

  async #repair(
    location: ObjectLocation,
    state: VerifiedState,
    { affected, ...options }: Cancellable & { readonly affected: readonly Affected[] },
  ): Promise<Repair | undefined> {
    if (this.#repairer === undefined) return undefined;
    if (affected.length === 0) return this.#repairer.refuse('no version needs it: a collection removes it');
    if (state === VerifiedState.Unreadable) return this.#repairer.refuse('its store cannot be read');
    return this.#repairer.repair(location, options);
  }

  /** The other stores where the ledger has the digest and it was intact when it was last read. */
  async #copiesOf(digest: Digest, besides: string): Promise<readonly string[]> {
    const places = await this.#registry.repositories.objects.findLocations(digest);
    return places
      .filter(({ storeName, state }) => storeName !== besides && state === 'verified')
      .map(({ storeName }) => storeName)
      .filter((storeName) => this.#storage.storeNames.includes(storeName));
  }

  /** The stores that have an object under the digest, wherever it is registered. */
  async #holdersOf(digest: Digest, { signal }: Cancellable): Promise<readonly string[]> {
    const holders: string[] = [];
    for (const storeName of this.#storage.storeNames) {
      try {
        const info = await this.#storage.adapter(storeName).head(contentKey(digest), { signal });
        if (info !== undefined && (info.checksum ?? digest) === digest) holders.push(storeName);
      } catch (error) {
        if (!StorageError.isInstance(error) || error.code === 'cancelled') throw error;
      }
    }
    return holders;
  }
}
