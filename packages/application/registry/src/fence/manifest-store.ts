import { type ModelVersion, type ObjectKey, type RegistryStore, type StoredManifest } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { versionManifestContentType } from '../version-manifest.ts';
import {
  type ManifestHeading,
  headingBytes,
  manifestKey,
  parseHeading,
  printNamedManifest,
  printTombstone,
} from './manifest-documents.ts';

/** A heading, and the state of the object that it was read from. */
export interface ReadHeading extends ManifestHeading {
  readonly key: ObjectKey;
  readonly etag: string;
}

/** Manifests and tombstones by name, in the stores of a registry. */
export class ManifestStore {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;

  constructor(registry: RegistryStore, storage: StorageService) {
    this.#registry = registry;
    this.#storage = storage;
  }

  /**
   * Stores the manifest of a version, by create.
   *
   * @returns what was stored, or was stored already; the heading of another manifest or tombstone that has the key.
   * @throws StorageError as `put` does.
   */
  async create(
    storeName: string,
    version: ModelVersion,
    { signal }: Cancellable = {},
  ): Promise<StoredManifest | ReadHeading> {
    const key = manifestKey(version.modelName, version.number);
    const adapter = this.#storage.adapter(storeName);
    const bytes = printNamedManifest(await this.#registry.registryId(), version);
    const contentType = adapter.capabilities.contentType ? { contentType: versionManifestContentType } : {};
    for (;;) {
      try {
        const { etag } = await adapter.put(key, bytes, { mode: 'create', signal, ...contentType });
        return { storeName, key, versionId: version.id, etag };
      } catch (error) {
        if (!StorageError.isInstance(error, 'already-exists')) throw error;
      }
      const found = await this.heading(storeName, key, { signal });
      if (found === undefined) continue;
      const isOwn = found.kind === 'manifest' && found.versionId === version.id;
      return isOwn ? { storeName, key, versionId: version.id, etag: found.etag } : found;
    }
  }

  /**
   * The heading of what is stored under a key; `undefined` when nothing is.
   *
   * @throws StorageError `corrupt` when it is neither a manifest nor a tombstone.
   */
  async heading(
    storeName: string,
    key: ObjectKey,
    { signal }: Cancellable = {},
  ): Promise<ReadHeading | undefined> {
    const adapter = this.#storage.adapter(storeName);
    const range = { offset: 0, length: headingBytes };
    await using reader = await adapter.get(key, adapter.capabilities.ranges ? { range, signal } : { signal });
    if (reader === undefined) return undefined;
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of reader.body) {
      chunks.push(Buffer.from(chunk));
      sizeBytes += chunk.byteLength;
      if (sizeBytes >= headingBytes) break;
    }
    try {
      return { ...parseHeading(Buffer.concat(chunks).toString('utf8')), key, etag: reader.info.etag };
    } catch (error) {
      throw new StorageError({
        code: 'corrupt',
        operation: 'read',
        backend: adapter.backend,
        key,
        message: `The object ${key} in the store ${storeName} is neither a version's manifest nor a tombstone.`,
        hint: 'Restore it from a copy of the store. While it is damaged, nothing is deleted there.',
        cause: error,
      });
    }
  }

  /**
   * Puts a tombstone in the place of a version's manifest, or where it would be. Nothing is done where another version's is.
   *
   * @throws StorageError as `put` does.
   */
  async bury(
    storeName: string,
    {
      versionId,
      name,
      number,
      key = manifestKey(name, number),
    }: Pick<ManifestHeading, 'versionId' | 'name' | 'number'> & { readonly key?: ObjectKey },
    { signal }: Cancellable = {},
  ): Promise<StoredManifest | undefined> {
    const adapter = this.#storage.adapter(storeName);
    const bytes = printTombstone({ registryId: await this.#registry.registryId(), versionId, name, number });
    for (;;) {
      const [known] = await this.#registry.repositories.manifests.findStored(storeName, [key]);
      const found = await this.heading(storeName, key, { signal });
      if (found !== undefined && found.versionId !== versionId) return undefined;
      const stored = { storeName, key, versionId };
      if (found?.kind === 'tombstone') {
        if (known?.etag !== found.etag)
          await this.#registry.repositories.manifests.putStored([{ ...stored, etag: found.etag }]);
        return { ...stored, etag: found.etag };
      }
      const mode = found === undefined ? 'create' : { ifMatch: found.etag };
      try {
        const { etag } = await adapter.put(key, bytes, { mode, signal });
        await this.#registry.repositories.manifests.putStored([{ ...stored, etag }]);
        return { ...stored, etag };
      } catch (error) {
        if (
          !StorageError.isInstance(error, 'already-exists') &&
          !StorageError.isInstance(error, 'precondition-failed')
        )
          throw error;
      }
    }
  }
}

/** Whether a manifest was stored, and not another one found in its place. */
export function isStored(outcome: StoredManifest | ReadHeading): outcome is StoredManifest {
  return 'storeName' in outcome;
}
