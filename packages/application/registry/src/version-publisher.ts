import {
  type Model,
  type ModelVersion,
  type RegistryStore,
  type Repositories,
  createModel,
  createReadyVersion,
  utcTimestamp,
} from '@holdfast/domain';
import type { Artifact, StoredContent } from './artifact.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { assertAccepting } from './retirement/assert-accepting.ts';
import type { SaveVersionOptions } from './save-version-options.ts';
import { printVersionManifest } from './version-manifest.ts';

export interface VersionPublisherOptions {
  readonly registry: RegistryStore;
  readonly now: () => number;
  readonly createId: () => string;
}

/** An artifact that is to become a version. */
export interface Publication {
  readonly artifact: Artifact;
  readonly options: SaveVersionOptions;
  readonly leases: LeaseKeeper;
  /** Stores the record of the version beside its bytes. */
  readonly saveManifest: (bytes: Uint8Array) => Promise<StoredContent>;
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
    const number = await this.#registry.repositories.models.reserveNumber(name);
    for (;;) {
      const model = (await this.#registry.repositories.models.findByName(name)) ?? this.#newModel(name);
      const draft = this.#draft(publication, model, number);
      const manifest = await publication.saveManifest(printVersionManifest(draft));
      const version: ModelVersion = { ...draft, manifestDigest: manifest.digest };
      const objects = [...publication.artifact.objects, manifest];
      const saved = await this.#registry.unitOfWork(async (repositories) => {
        await publication.leases.assertStanding(repositories);
        await assertAccepting(
          repositories.objects,
          objects.map(({ storeName }) => storeName),
        );
        if (!(await isAsExpected(repositories, model))) return undefined;
        if (model.revision === 0) await repositories.models.save(model);
        const committed = await repositories.versions.save(version);
        await this.#recordObjects(repositories, committed.id, { ...publication, objects });
        return committed;
      });
      if (saved !== undefined) return saved;
    }
  }

  #newModel(name: string): Model {
    return createModel({ id: this.#createId(), name, now: utcTimestamp(this.#now()) });
  }

  #draft({ artifact, options }: Publication, model: Model, number: number): ModelVersion {
    return createReadyVersion({
      id: this.#createId(),
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
    await ledger.addReferences(versionId, [...byDigest.keys()]);
    for (const object of byDigest.values()) {
      const known = isWritten(object) ? [] : await ledger.findLocations(object.digest);
      if (known.some(({ storeName, key }) => storeName === object.storeName && key === object.key)) continue;
      await ledger.putLocation({ ...object, verifiedAt, state: 'verified' });
    }
  }
}

/** Whether nobody made or removed the model meanwhile: the manifest names it. */
async function isAsExpected({ models }: Repositories, model: Model): Promise<boolean> {
  const present = await models.findByName(model.name);
  return present?.id === (model.revision === 0 ? undefined : model.id);
}
