import {
  type Digest,
  ModelStorageInfo,
  type ModelReference,
  type ModelVersion,
  type ObjectLocation,
  type RegistryStore,
  SerializationFormat,
  parseModelReference,
} from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { OnProgress, StorageService } from '@holdfast/storage';
import { findVersion } from './find-version.ts';
import { FindingRecorder } from './finding-recorder.ts';

export interface VerificationServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** What a look at one stored object found. */
export interface VerifiedObject {
  readonly digest: Digest;
  readonly storeName: string;
  readonly key: string;
  readonly sizeBytes: number;
  readonly state: 'intact' | 'damaged' | 'missing';
  /** Why it is not intact. */
  readonly reason?: string;
  /** The versions that need it, as `name:number`; told when it is not intact. */
  readonly affected: readonly string[];
}

export interface VerifyOptions extends Cancellable {
  /** Only what this version needs. @default everything that is registered */
  readonly version?: string | ModelReference;
  readonly onProgress?: OnProgress;
}

const pageSize = 500;

/** Re-reads and re-hashes what the registry relies on, and tells which versions are affected by damage. */
export class VerificationService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;

  constructor(options: VerificationServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Looks at every registered object, one after the other, each once however many versions share it.
   * What it finds is kept: the next save of the same bytes repairs a damaged object.
   * An object that is removed meanwhile is passed over.
   *
   * @throws StorageError `not-found` when there is no such version, `cancelled`, and whatever keeps a store from being
   *   read at all; damage is an answer, not an error.
   */
  async *verify(options: VerifyOptions = {}): AsyncIterable<VerifiedObject> {
    const locations =
      options.version === undefined ? this.#allLocations() : this.#locationsOf(options.version);
    await using findings = new FindingRecorder(this.#registry, this.#now);
    for await (const location of locations) {
      const found = await this.#look(location, options);
      if (await findings.record(location, found.state)) yield found;
    }
    await findings.flush();
  }

  async *#allLocations(): AsyncIterable<ObjectLocation> {
    const { objects } = this.#registry.repositories;
    let after: string | undefined;
    do {
      const page = await objects.listLocations({
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  async *#locationsOf(version: string | ModelReference): AsyncIterable<ObjectLocation> {
    const { repositories } = this.#registry;
    const reference = typeof version === 'string' ? parseModelReference(version) : version;
    const found = await findVersion(repositories, reference);
    for (const digest of await repositories.objects.findReferences(found.id)) {
      yield* await repositories.objects.findLocations(digest);
    }
  }

  async #look(location: ObjectLocation, options: VerifyOptions): Promise<VerifiedObject> {
    const { digest, storeName, key, sizeBytes } = location;
    const seen = { digest, storeName, key, sizeBytes };
    try {
      const { signal, onProgress } = options;
      await this.#storage.verify(this.#infoOf(location), {
        signal,
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      return { ...seen, state: 'intact', affected: [] };
    } catch (error) {
      const state = stateAfter(error);
      if (state === undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { ...seen, state, reason, affected: await this.#affected(digest) };
    }
  }

  async #affected(digest: Digest): Promise<readonly string[]> {
    const { objects, versions } = this.#registry.repositories;
    const found: ModelVersion[] = [];
    for (const id of await objects.findReferringVersions(digest)) {
      const version = await versions.findById(id);
      if (version !== undefined) found.push(version);
    }
    return found.map((version) => `${version.modelName}:${version.number}`).toSorted();
  }

  #infoOf({ digest, storeName, key, sizeBytes }: ObjectLocation): ModelStorageInfo {
    return ModelStorageInfo.of({
      storageBackend: this.#storage.adapter(storeName).backend,
      storeName,
      storagePath: key,
      sizeBytes,
      checksum: digest,
      format: SerializationFormat.Binary,
    });
  }
}

function stateAfter(error: unknown): 'damaged' | 'missing' | undefined {
  if (!StorageError.isInstance(error)) return undefined;
  if (error.code === 'not-found') return 'missing';
  return ['checksum-mismatch', 'size-mismatch', 'corrupt'].includes(error.code) ? 'damaged' : undefined;
}
