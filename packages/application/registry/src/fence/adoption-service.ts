import {
  type ModelVersion,
  type RegistryRecord,
  type Repositories,
  type StoredManifest,
  createModel,
  utcTimestamp,
  contentKey,
  versionOwner,
} from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { BackupServiceOptions } from '../backup/backup-service.ts';
import { ObjectHold } from '../backup/object-hold.ts';
import { RestoreTargets } from '../backup/restore-targets.ts';
import { createUuid } from '../create-uuid.ts';
import { ObjectReclaimer } from '../object-reclaimer.ts';
import { readManifest } from '../rebuild/find-manifests.ts';
import { findVersionObjects } from '../rebuild/version-objects.ts';
import { claimForAdoption } from './claim-for-adoption.ts';
import { countersInReach } from './counters-in-reach.ts';
import { type UnknownVersion, findUnknown } from './find-unknown.ts';
import { manifestKey } from './manifest-documents.ts';
import { ManifestStore, isStored } from './manifest-store.ts';
import { nameManifests } from './name-manifests.ts';
import { StoreClaim } from './store-claim.ts';

export interface AdoptOptions extends Cancellable {
  /** The registry that a store belongs to is not used any more: this one takes its place there. @default false */
  readonly mayTakeOver?: boolean | undefined;
}

/** What became of a version that the registry did not know. */
export interface AdoptedVersion {
  readonly storeName: string;
  /** As its manifest names it. */
  readonly reference: string;
  /** `renumbered` where the registry has another version of the same number; `lost` where its bytes are gone. */
  readonly outcome: 'adopted' | 'renumbered' | 'lost' | 'forgotten';
  /** How it is called in this registry; absent when it is in none. */
  readonly as?: string;
}

/** Takes over stores that a copy of this registry, or a newer state of it, wrote to: their versions are adopted or forgotten. */
export class AdoptionService {
  readonly #options: Required<Omit<BackupServiceOptions, 'spoolFolder'>>;
  readonly #claim: StoreClaim;
  readonly #store: ManifestStore;

  constructor({ registry, storage, now = Date.now, createId = createUuid }: BackupServiceOptions) {
    this.#options = { registry, storage, now, createId };
    this.#claim = new StoreClaim(registry, storage);
    this.#store = new ManifestStore(registry, storage);
  }

  /**
   * Takes a new generation, claims the stores, and makes every version in them known. Every other copy of the registry is
   * refused there from then on.
   *
   * @throws StorageError `permission-denied` when a store belongs to another registry and `mayTakeOver` is not set;
   *   `unsupported` for a store that is not fenced.
   */
  async *adopt(storeNames: readonly string[], options: AdoptOptions = {}): AsyncIterable<AdoptedVersion> {
    const { registry, storage } = this.#options;
    await claimForAdoption(storeNames, { ...options, registry, storage, claim: this.#claim });
    await this.#raiseCounters(storeNames, options);
    await using hold = this.#hold(options);
    for (const storeName of storeNames) {
      await nameManifests(registry, storage, { storeName, signal: options.signal });
      for (const unknown of await this.findUnknown(storeName, options))
        yield await this.#adopt(unknown, hold, options);
    }
  }

  /**
   * Puts tombstones in the place of versions that the registry does not know: the next collection frees their bytes.
   *
   * @throws StorageError `permission-denied` when a store belongs to another registry: adopt it first.
   */
  async *forget(storeNames: readonly string[], options: Cancellable = {}): AsyncIterable<AdoptedVersion> {
    const { manifests } = this.#options.registry.repositories;
    for (const storeName of storeNames) await this.#claim.ensure(storeName, options);
    await this.#raiseCounters(storeNames, options);
    for (const storeName of storeNames) {
      for (const { versionId, name, number } of await this.findUnknown(storeName, options)) {
        await manifests.reserve({ versionId, name, number, state: 'removed', leasedUntil: utcTimestamp(0) });
        await this.#store.bury(storeName, { versionId, name, number }, options);
        yield { storeName, reference: `${name}:${number}`, outcome: 'forgotten' };
      }
    }
  }

  /** The versions in a store that the registry does not know. */
  async findUnknown(storeName: string, { signal }: Cancellable = {}): Promise<readonly UnknownVersion[]> {
    const { registry, storage } = this.#options;
    const claim = await this.#claim.read(storeName, { signal });
    const areManifestsNamed = claim?.areManifestsNamed === true;
    const survey = { registry, storage, storeName, areManifestsNamed, isNoted: false, signal };
    return (await findUnknown(survey)).unknown;
  }

  async #raiseCounters(storeNames: readonly string[], options: Cancellable): Promise<void> {
    const { registry, storage } = this.#options;
    const counters = await countersInReach(storage, storeNames, options);
    await registry.unitOfWork(({ archive }) => archive.insert(counters));
  }

  async #adopt(
    { storeName, name, number, manifest }: UnknownVersion,
    hold: ObjectHold,
    { signal }: Cancellable,
  ): Promise<AdoptedVersion> {
    const { storage } = this.#options;
    const reference = `${name}:${number}`;
    const place =
      'version' in manifest
        ? { ...manifest, storeName, key: contentKey(manifest.digest) }
        : { storeName, key: manifest.key, sizeBytes: manifest.sizeBytes };
    const found = await readManifest(place, { storage, signal });
    const version = new RestoreTargets(storage, storeName).relocate(found.version);
    const look = () => findVersionObjects(version, { storage, storeName, manifest: objectOf(place), signal });
    await hold.hold((await look()).locations.map(({ digest }) => digest));
    const { isGone, locations } = await look();
    if (isGone) return { storeName, reference, outcome: 'lost' };
    const references: RegistryRecord = {
      kind: 'references',
      owner: versionOwner(version.id),
      digests: locations.map(({ digest }) => digest),
    };
    const records = [references, ...locations.map((location) => ({ kind: 'location', location }) as const)];
    const stored = 'version' in manifest ? undefined : { ...manifest, storeName };
    const as = await this.#record(version, { records, stored, hold });
    return { storeName, reference, outcome: as === reference ? 'adopted' : 'renumbered', as };
  }

  /** @returns the name and number under which it is known then. */
  async #record(
    version: ModelVersion,
    options: {
      readonly records: readonly RegistryRecord[];
      readonly stored: StoredManifest | undefined;
      readonly hold: ObjectHold;
    },
  ): Promise<string> {
    const { registry } = this.#options;
    const { modelName, storage: info } = version;
    const model = await registry.repositories.models.findByName(modelName);
    const taken = await registry.repositories.versions.findByNumber(model?.id ?? '', version.number);
    const number =
      taken === undefined ? version.number : await registry.repositories.models.reserveNumber(modelName);
    const own = { ...version, modelId: model?.id ?? version.modelId, number };
    const storeName = info.storeName ?? this.#options.storage.defaultStore;
    const created =
      options.stored !== undefined && number === version.number
        ? options.stored
        : await this.#store.create(storeName, own);
    if (!isStored(created)) throw occupied(own);
    await registry.unitOfWork(async (repositories) => {
      await options.hold.assertStanding(repositories);
      await insertVersion(repositories, own, options.records);
      await repositories.manifests.putStored([created]);
    });
    if (number !== version.number)
      await this.#store.bury(storeName, { versionId: version.id, name: modelName, number: version.number });
    return `${modelName}:${number}`;
  }

  #hold({ signal }: Cancellable): ObjectHold {
    const reclaimer = new ObjectReclaimer({ ...this.#options, claim: this.#claim });
    const takeOver = (digest: Parameters<ObjectReclaimer['takeOver']>[0]) => reclaimer.takeOver(digest);
    return new ObjectHold(this.#options.registry, { ...this.#options, takeOver, signal });
  }
}

function objectOf(place: { readonly digest?: ModelVersion['manifestDigest']; readonly sizeBytes: number }) {
  return place.digest === undefined ? undefined : { digest: place.digest, sizeBytes: place.sizeBytes };
}

/** Writes a version with what it needs, and its model when that is new. */
async function insertVersion(
  { archive, models, manifests }: Repositories,
  version: ModelVersion,
  records: readonly RegistryRecord[],
): Promise<void> {
  const { id: versionId, modelId, modelName: name, number, createdAt } = version;
  const isNew = (await models.findById(modelId)) === undefined;
  const model = { ...createModel({ id: modelId, name, now: createdAt }), revision: 1 };
  await archive.insert([
    ...(isNew ? [{ kind: 'model', model } as const] : []),
    { kind: 'version', version },
    ...records,
  ]);
  await manifests.reserve({ versionId, name, number, state: 'published', leasedUntil: utcTimestamp(0) });
}

function occupied({ modelName, number }: ModelVersion): StorageError {
  return new StorageError({
    code: 'already-exists',
    operation: 'adopt',
    key: manifestKey(modelName, number),
    message: `The manifest of ${modelName}:${number} could not be stored: the number is taken in the store.`,
    hint: 'Run it again: it goes on where it was, with the next number.',
  });
}
