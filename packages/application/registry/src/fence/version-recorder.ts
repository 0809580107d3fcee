import type { ModelVersion, RegistryStore } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import type { ArtifactSaver } from '../artifact-saver.ts';
import { printVersionManifest } from '../version-manifest.ts';
import type { SavedRecord } from '../version-publisher.ts';
import { ManifestStore, type ReadHeading, isStored } from './manifest-store.ts';
import { unknownVersions } from './survey-manifests.ts';

export interface VersionRecorderOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly saver: Pick<ArtifactSaver, 'saveManifest'>;
  readonly store: string;
}

/** How often the outcome of storing a manifest may stay unknown before a save gives up. */
const mostUnknownOutcomes = 3;

/** Stores the record of a version that is about to be published. */
export class VersionRecorder {
  readonly #options: VersionRecorderOptions;
  #unknownOutcomes = 0;

  constructor(options: VersionRecorderOptions) {
    this.#options = options;
  }

  /**
   * Stores the record: under the version's name where the store is fenced, else as an object under its digest.
   *
   * @returns `undefined` when the number cannot be used, since it is taken or the outcome is unknown.
   * @throws StorageError `permission-denied` when another registry's version has the number: going on with the next one
   *   would mix two registries.
   */
  async save(
    version: ModelVersion,
    { isNamed, signal }: Cancellable & { readonly isNamed: boolean },
  ): Promise<SavedRecord | undefined> {
    const { registry, storage, saver, store } = this.#options;
    if (!isNamed) return { content: await saver.saveManifest(printVersionManifest(version)) };
    try {
      const outcome = await new ManifestStore(registry, storage).create(store, version, { signal });
      if (isStored(outcome)) return { named: outcome };
      await this.#assertKnown(outcome);
      return undefined;
    } catch (error) {
      if (!StorageError.isInstance(error, 'indeterminate')) throw error;
      this.#unknownOutcomes += 1;
      if (this.#unknownOutcomes >= mostUnknownOutcomes) throw error;
      return undefined;
    }
  }

  async #assertKnown(found: ReadHeading): Promise<void> {
    const { registry, store } = this.#options;
    if (found.kind === 'tombstone') return;
    const [known] = await registry.repositories.manifests.findKnown([found.versionId]);
    if (known === undefined) throw foreignNumber(store, found);
  }
}

function foreignNumber(store: string, { name, number }: ReadHeading): StorageError {
  const { backend, hint } = unknownVersions(store, [{ name, number }]);
  return new StorageError({
    code: 'permission-denied',
    operation: 'publish',
    backend,
    message: `The store ${store} has a version ${name}:${number} that this registry does not know. A copy of this registry saved it, or a newer state of it.`,
    hint,
  });
}
