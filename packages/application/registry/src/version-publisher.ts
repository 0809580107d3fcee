import {
  type Model,
  type ModelVersion,
  type RegistryStore,
  type Repositories,
  type StoredManifest,
  createModel,
  createReadyVersion,
  utcTimestamp,
  versionOwner,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { Artifact, StoredContent } from './artifact.ts';
import { type LeaseKeeper, leaseMs } from './lease-keeper.ts';
import { assertAccepting } from './retirement/assert-accepting.ts';
import type { SaveVersionOptions } from './save-version-options.ts';

export interface VersionPublisherOptions {
  readonly registry: RegistryStore;
  readonly now: () => number;
  readonly createId: () => string;
}

/** Where the record of a version is: a manifest by name, or an object under its digest. */
export type SavedRecord = { readonly named: StoredManifest } | { readonly content: StoredContent };

/** An artifact that is to become a version. */
export interface Publication {
  readonly artifact: Artifact;
  readonly options: SaveVersionOptions;
  readonly leases: LeaseKeeper;
  /**
   * Stores the record of the version beside its bytes, under its name where the store is fenced.
   *
   * @returns `undefined` when the number cannot be used: it is taken, or may be.
   */
  readonly saveRecord: (version: ModelVersion) => Promise<SavedRecord | undefined>;
  /** Checks that everything that was stored is still there, after the record is stored and before it is published. */
  readonly confirm: () => Promise<void>;
  /** Whether the bytes of an object were written for this version, and not there already. */
  readonly isWritten: (object: StoredContent) => boolean;
}

/** Makes versions of what lies in a store: all of a version becomes visible by one transaction, or nothing. */
export class VersionPublisher {
  readonly #registry: RegistryStore;
  readonly #now: () => number;
  readonly #createId: () => string;

  constructor(options: VersionPublisherOptions) {
    this.#registry = options.registry;
    this.#now = options.now;
    this.#createId = options.createId;
  }

  /**
   * Publishes: the manifest first, then, in one transaction, everything that makes the version visible,
   * the model included when it is new.
   *
   * @throws StorageError `unavailable` when a lease does not stand any more.
   */
  async publish(publication: Publication): Promise<ModelVersion> {
    const { name } = publication.options;
    for (;;) {
      const reserved = await this.#reserve(name);
      try {
        const published = await this.#publishAs(publication, reserved);
        if (published !== undefined) return published;
      } catch (error) {
        await this.#abandon(reserved.id).catch(() => undefined);
        throw error;
      }
      await this.#abandon(reserved.id);
    }
  }

  /** @returns `undefined` when the number could not be used, or the model was made or removed meanwhile. */
  async #publishAs(
    publication: Publication,
    reserved: { readonly id: string; readonly number: number },
  ): Promise<ModelVersion | undefined> {
    const { name } = publication.options;
    const model = (await this.#registry.repositories.models.findByName(name)) ?? this.#newModel(name);
    const draft = this.#draft(publication, { model, ...reserved });
    const record = await publication.saveRecord(draft);
    if (record === undefined) return undefined;
    await publication.confirm();
    const content = 'content' in record ? [record.content] : [];
    const version = content[0] === undefined ? draft : { ...draft, manifestDigest: content[0].digest };
    const objects = [...publication.artifact.objects, ...content];
    return this.#registry.unitOfWork(async (repositories) => {
      await publication.leases.assertStanding(repositories);
      await assertAccepting(
        repositories.objects,
        objects.map(({ storeName }) => storeName),
      );
      if (!(await isAsExpected(repositories, model))) return undefined;
      if (!(await repositories.manifests.changeState(version.id, 'reserved', 'published')))
        throw givenUp(version);
      if ('named' in record) await repositories.manifests.putStored([record.named]);
      if (model.revision === 0) await repositories.models.save(model);
      const committed = await repositories.versions.save(version);
      await this.#recordObjects(repositories, committed.id, { ...publication, objects });
      return committed;
    });
  }

  #reserve(name: string): Promise<{ readonly id: string; readonly number: number }> {
    return this.#registry.unitOfWork(async ({ models, manifests }) => {
      const [id, number] = [this.#createId(), await models.reserveNumber(name)];
      const leasedUntil = utcTimestamp(this.#now() + leaseMs);
      await manifests.reserve({ versionId: id, name, number, state: 'reserved', leasedUntil });
      return { id, number };
    });
  }

  /** Leaves a number, and what may be stored under it, to the next collection. */
  async #abandon(id: string): Promise<void> {
    await this.#registry.repositories.manifests.changeState(id, 'reserved', 'condemned');
  }

  #newModel(name: string): Model {
    return createModel({ id: this.#createId(), name, now: utcTimestamp(this.#now()) });
  }

  #draft(
    { artifact, options }: Publication,
    { model, id, number }: { readonly model: Model; readonly id: string; readonly number: number },
  ): ModelVersion {
    return createReadyVersion({
      id,
      modelId: model.id,
      modelName: model.name,
      number,
      now: utcTimestamp(this.#now()),
      artifactKind: artifact.kind,
      storage: artifact.storage,
      totalSizeBytes: artifact.totalSizeBytes,
      fileCount: artifact.fileCount,
      inspection: artifact.inspection,
      ...(artifact.inspectionList === undefined ? {} : { inspectionList: artifact.inspectionList }),
      verdict: artifact.verdict,
      tags: options.tags ?? {},
      metrics: options.metrics ?? {},
      parameters: options.parameters ?? {},
      lineage: options.lineage ?? [],
      ...(artifact.isExecutable === true ? { executable: true } : {}),
      ...(artifact.signature === undefined ? {} : { signature: artifact.signature }),
      ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
    });
  }

  /** What is known of the place of an object that was there already is kept: its bytes were not read again. */
  async #recordObjects(
    { objects: ledger }: Repositories,
    versionId: string,
    {
      objects,
      isWritten,
    }: { readonly objects: readonly StoredContent[]; readonly isWritten: Publication['isWritten'] },
  ): Promise<void> {
    const verifiedAt = utcTimestamp(this.#now());
    const byDigest = new Map(objects.map((object) => [object.digest, object]));
    await ledger.addReferences(versionOwner(versionId), [...byDigest.keys()]);
    for (const object of byDigest.values()) {
      const known = isWritten(object) ? [] : await ledger.findLocations(object.digest);
      if (known.some(({ storeName, key }) => storeName === object.storeName && key === object.key)) continue;
      await ledger.putLocation({ ...object, verifiedAt, state: 'verified' });
    }
  }
}

function givenUp({ modelName, number }: ModelVersion): StorageError {
  return new StorageError({
    code: 'unavailable',
    operation: 'publish',
    retry: 'temporary',
    message: `A collection took the reserved number ${modelName}:${number} back before its version was published.`,
    hint: 'Save it again.',
  });
}

/** Whether nobody made or removed the model meanwhile: the manifest names it. */
async function isAsExpected({ models }: Repositories, model: Model): Promise<boolean> {
  const present = await models.findByName(model.name);
  return present?.id === (model.revision === 0 ? undefined : model.id);
}
