import {
  type Alias,
  type AliasMove,
  type ChangeOptions,
  type Model,
  type ModelFilter,
  type ModelOrderField,
  type ModelReference,
  type ModelSummary,
  type ModelVersion,
  type Page,
  type RegistryStore,
  type RepositoryQuery,
  type ScanVerdict,
  type Tags,
  type UtcTimestamp,
  type VersionStatus,
  changeModelTags,
  changeTags,
  createModel,
  parseActor,
  parseModelReference,
  utcTimestamp,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { type ChangedVerdict, saveStatus, saveVerdict } from './change-state.ts';
import { type VersionComparison, compareVersions } from './compare-versions.ts';
import { createUuid } from './create-uuid.ts';
import { type DeletedVersions, type ReleasedVersions, deleteVersions } from './delete-versions.ts';
import { editTags } from './edit-tags.ts';
import { StoreClaim } from './fence/store-claim.ts';
import { VersionBurial } from './fence/version-burial.ts';
import { findModel, findVersion } from './find-version.ts';
import { type MoveAliasOptions, type MovedAlias, moveAlias, removeAlias } from './move-alias.ts';
import { ObjectReclaimer } from './object-reclaimer.ts';

export interface ModelManagementServiceOptions {
  readonly registry: RegistryStore;
  /** Where the bytes lie. Without it, deleting a version leaves its bytes to a later collection. */
  readonly storage?: StorageService | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
  /** Whom histories name for what is changed here, such as a login. @default no name */
  readonly actor?: string | undefined;
}

/** A version with what surrounds it. */
export interface VersionDetails {
  readonly model: Model;
  readonly version: ModelVersion;
  /** The aliases that point to it. */
  readonly aliases: readonly Alias[];
}

/**
 * Models, versions and aliases: finding, naming, labelling and removing them.
 *
 * Versions are named as people write them: `NAME`, `NAME:3` or `NAME@alias`.
 * Failures are `StorageError` (`not-found`, `already-exists`, `precondition-failed`, `permission-denied`)
 * or `InvalidValueError` for a value that cannot be.
 */
export class ModelManagementService {
  readonly #registry: RegistryStore;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #actor: string | undefined;
  readonly #reclaimer: ObjectReclaimer | undefined;
  readonly #burial: VersionBurial | undefined;

  constructor(options: ModelManagementServiceOptions) {
    const { registry, storage, now = Date.now, createId = createUuid, actor } = options;
    this.#actor = actor === undefined ? undefined : parseActor(actor);
    this.#registry = registry;
    this.#now = now;
    this.#createId = createId;
    if (storage === undefined) return;
    const claim = new StoreClaim(registry, storage);
    this.#burial = new VersionBurial({ registry, storage, claim });
    this.#reclaimer = new ObjectReclaimer({ registry, storage, now, createId, claim });
  }

  /** @throws StorageError `already-exists` when the name is taken. */
  createModel(fields: {
    readonly name: string;
    readonly description?: string;
    readonly tags?: Tags;
  }): Promise<Model> {
    const model = createModel({ ...fields, id: this.#createId(), now: this.#timestamp() });
    return this.#registry.repositories.models.save(model);
  }

  /** Models with newest version and aliases, sorted by name unless asked otherwise. */
  listModels(query: RepositoryQuery<ModelFilter, ModelOrderField> = {}): Promise<Page<ModelSummary>> {
    const { order = { field: 'name', direction: 'ascending' } } = query;
    return this.#registry.repositories.models.listSummaries({ ...query, order });
  }

  /** @throws StorageError `not-found`. */
  findModel(name: string): Promise<Model> {
    return findModel(this.#registry.repositories, name);
  }

  /** The versions of a model, newest first. */
  async listVersions(name: string): Promise<readonly ModelVersion[]> {
    const { repositories } = this.#registry;
    const model = await findModel(repositories, name);
    const order = { field: 'number', direction: 'descending' } as const;
    return (await repositories.versions.findAll({ filter: { modelId: model.id }, order })).items;
  }

  /** The aliases of a model, sorted by name. */
  async listAliases(name: string): Promise<readonly Alias[]> {
    const model = await findModel(this.#registry.repositories, name);
    return this.#registry.repositories.aliases.findByModel(model.id);
  }

  /**
   * Finds the version that a reference means.
   *
   * @throws StorageError `not-found`, saying what there is instead.
   */
  findVersion(reference: string | ModelReference): Promise<ModelVersion> {
    return findVersion(this.#registry.repositories, asReference(reference));
  }

  /** Finds a version with its model and aliases. */
  async describeVersion(reference: string | ModelReference): Promise<VersionDetails> {
    const { repositories } = this.#registry;
    const version = await findVersion(repositories, asReference(reference));
    const [model, aliases] = await Promise.all([
      findModel(repositories, version.modelName),
      repositories.aliases.findByVersion(version.modelId, version.number),
    ]);
    return { model, version, aliases };
  }

  /**
   * Points an alias to a version, by compare-and-set: when somebody else moves it meanwhile, one of the two is told so.
   *
   * @throws StorageError `precondition-failed` when it does not point where `expected` says, or was moved meanwhile.
   * @throws InvalidValueError when the version cannot be aliased, or the alias cannot be named so.
   */
  moveAlias(
    name: string,
    alias: string,
    options: MoveAliasOptions & { readonly to: number },
  ): Promise<MovedAlias> {
    const move = { ...options, ...this.#change(), name, alias };
    return this.#registry.unitOfWork((repositories) => moveAlias(repositories, move));
  }

  /**
   * Removes an alias.
   *
   * @returns whether it was there.
   * @throws StorageError `precondition-failed` when it does not point where `expected` says.
   */
  removeAlias(name: string, alias: string, options: MoveAliasOptions = {}): Promise<boolean> {
    const removal = { ...options, ...this.#change(), name, alias };
    return this.#registry.unitOfWork((repositories) => removeAlias(repositories, removal));
  }

  /** Every move of an alias, oldest first. */
  async aliasHistory(name: string, alias: string): Promise<readonly AliasMove[]> {
    const model = await findModel(this.#registry.repositories, name);
    return this.#registry.repositories.aliases.findHistory(model.id, alias);
  }

  /** Sets and removes tags of a version. */
  async tagVersion(
    reference: string | ModelReference,
    changes: { readonly set?: Tags; readonly remove?: readonly string[] },
  ): Promise<ModelVersion> {
    return this.#registry.unitOfWork(async (repositories) => {
      const version = await findVersion(repositories, asReference(reference));
      const tags = editTags(version.tags, changes);
      return repositories.versions.save(changeTags(version, tags, this.#change()));
    });
  }

  /** Sets and removes tags of a model. */
  async tagModel(
    name: string,
    changes: { readonly set?: Tags; readonly remove?: readonly string[] },
  ): Promise<Model> {
    return this.#registry.unitOfWork(async (repositories) => {
      const model = await findModel(repositories, name);
      const tags = editTags(model.tags, changes);
      return repositories.models.save(changeModelTags(model, tags, this.#change()));
    });
  }

  /**
   * Moves a version to another status, such as `deprecated` or `archived`.
   *
   * @throws InvalidValueError when that status cannot follow the present one.
   * @throws StorageError `permission-denied` when an alias points to the version and may not point to one of that status.
   */
  changeStatus(
    reference: string | ModelReference,
    status: VersionStatus,
    options: { readonly reason?: string } = {},
  ): Promise<ModelVersion> {
    const change = { ...options, ...this.#change() };
    return this.#registry.unitOfWork(async (repositories) => {
      const version = await findVersion(repositories, asReference(reference));
      return saveStatus(repositories, version, { ...change, status });
    });
  }

  /**
   * Records what a scan found. A finding is never refused: where it quarantines the version, the aliases that point to
   * it are removed in the same transaction, noted in their histories, and named in a warning.
   */
  changeVerdict(
    reference: string | ModelReference,
    verdict: ScanVerdict,
    options: { readonly reason?: string } = {},
  ): Promise<ChangedVerdict> {
    const change = { ...options, ...this.#change() };
    return this.#registry.unitOfWork(async (repositories) => {
      const version = await findVersion(repositories, asReference(reference));
      return saveVerdict(repositories, version, { ...change, verdict });
    });
  }

  /**
   * Removes a version and, where nothing else needs them, its bytes. Its number is never used again.
   *
   * @throws StorageError `permission-denied` when an alias points to it.
   */
  async deleteVersion(reference: string | ModelReference): Promise<DeletedVersions> {
    await this.#burial?.assertOurs([await this.findVersion(reference)]);
    const released = await this.#registry.unitOfWork(async (repositories) => {
      const version = await findVersion(repositories, asReference(reference));
      return deleteVersions(repositories, [version]);
    });
    return this.#reclaim(released);
  }

  /**
   * Removes a model with all its versions. The numbers of its name are never used again.
   *
   * @throws StorageError `permission-denied` when an alias points to one of them.
   */
  async deleteModel(name: string): Promise<DeletedVersions> {
    await this.#burial?.assertOurs(await this.listVersions(name));
    const released = await this.#registry.unitOfWork(async (repositories) => {
      const model = await findModel(repositories, name);
      const { items } = await repositories.versions.findAll({ filter: { modelId: model.id } });
      const deleted = await deleteVersions(repositories, items);
      await repositories.models.delete(model.id);
      return deleted;
    });
    return this.#reclaim(released);
  }

  /** What differs between two versions. */
  async compareVersions(
    left: string | ModelReference,
    right: string | ModelReference,
  ): Promise<VersionComparison> {
    const [a, b] = await Promise.all([this.findVersion(left), this.findVersion(right)]);
    return compareVersions(a, b);
  }

  /** The versions are gone already: bytes that cannot be freed now must not make it look otherwise. */
  async #reclaim({ versions, digests }: ReleasedVersions): Promise<DeletedVersions> {
    try {
      await this.#burial?.bury(versions);
      return { versions, reclaimed: (await this.#reclaimer?.reclaim(digests)) ?? [], warnings: [] };
    } catch (error) {
      if (!StorageError.isInstance(error)) throw error;
      return {
        versions,
        reclaimed: [],
        warnings: [`Some bytes could not be freed and are left to a collection: ${error.message}`],
      };
    }
  }

  #timestamp(): UtcTimestamp {
    return utcTimestamp(this.#now());
  }

  #change(): ChangeOptions {
    return { now: this.#timestamp(), by: this.#actor };
  }
}

function asReference(reference: string | ModelReference): ModelReference {
  return typeof reference === 'string' ? parseModelReference(reference) : reference;
}
