import {
  ArtifactKind,
  type Digest,
  InvalidValueError,
  type ModelVersion,
  type RegistryStore,
  type TreeEntry,
  compareKeys,
} from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { loadTree } from '../load-tree.ts';
import { affectedRecord } from './affected-record.ts';
import type { Affected, AffectedVersion } from './verified-object.ts';

/** Files of folders that are kept in mind, so that a folder with much damage is not read again for each of it. */
const mostEntriesKept = 200_000;

/** Finds the versions and records that need an object, and what it is to them. */
export class AffectedVersions {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #trees = new Map<Digest, readonly TreeEntry[] | undefined>();
  #entryCount = 0;

  constructor(registry: RegistryStore, storage: StorageService) {
    this.#registry = registry;
    this.#storage = storage;
  }

  /** The versions that need a digest, sorted by name and number, then the records. */
  async of(digest: Digest, options: Cancellable = {}): Promise<readonly Affected[]> {
    const { objects, versions } = this.#registry.repositories;
    const affected: AffectedVersion[] = [];
    const records: Affected[] = [];
    for (const owner of await objects.findOwners(digest)) {
      if (owner.kind !== 'version') {
        records.push(affectedRecord(owner, 'content'));
        continue;
      }
      const version = await versions.findById(owner.id);
      if (version !== undefined) affected.push(await this.#describe(version, digest, options));
    }
    affected.sort((a, b) => compareKeys(a.model, b.model) || a.number - b.number);
    return [...affected, ...records];
  }

  async #describe(version: ModelVersion, digest: Digest, options: Cancellable): Promise<AffectedVersion> {
    const { modelName: model, number } = version;
    const described = { reference: `${model}:${number}`, model, number };
    if (digest === version.storage.checksum) {
      return { ...described, part: version.artifactKind === ArtifactKind.Tree ? 'tree' : 'file' };
    }
    if (digest === version.manifestDigest) return { ...described, part: 'record' };
    if (digest === version.inspectionList?.digest) return { ...described, part: 'list' };
    const entries = await this.#entriesOf(version, options);
    if (entries === undefined) return { ...described, part: 'member' };
    const paths = entries.filter((entry) => entry.digest === digest).map(({ path }) => path);
    return { ...described, part: 'member', paths };
  }

  /** The files of a folder; `undefined` when its manifest is damaged or cannot be read now. */
  async #entriesOf(version: ModelVersion, options: Cancellable): Promise<readonly TreeEntry[] | undefined> {
    const { checksum } = version.storage;
    if (this.#trees.has(checksum)) return this.#trees.get(checksum);
    const entries = await this.#readTree(version, options);
    this.#entryCount += entries?.length ?? 0;
    this.#trees.set(checksum, entries);
    for (const [oldest, forgotten] of this.#trees) {
      if (this.#entryCount + this.#trees.size <= mostEntriesKept || oldest === checksum) break;
      this.#trees.delete(oldest);
      this.#entryCount -= forgotten?.length ?? 0;
    }
    return entries;
  }

  async #readTree(
    { artifactKind, storage }: ModelVersion,
    options: Cancellable,
  ): Promise<readonly TreeEntry[] | undefined> {
    if (artifactKind !== ArtifactKind.Tree) return undefined;
    try {
      return (await loadTree(this.#storage, storage, options)).entries;
    } catch (error) {
      const isUnreadable =
        InvalidValueError.isInstance(error) || (StorageError.isInstance(error) && error.code !== 'cancelled');
      if (isUnreadable) return undefined;
      throw error;
    }
  }
}
