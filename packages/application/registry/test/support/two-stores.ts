import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type ObjectLocation, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import {
  ModelPersistenceService,
  VerificationService,
  type VerifiedObject,
  type VerifyOptions,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { overriding } from './overriding.ts';

export const storeKinds = ['memory', 'filesystem'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** A registry over the store `main`, and another one, `spare`, that can hold the same bytes. */
export class TwoStores implements AsyncDisposable {
  readonly registry: RegistryStore = new MemoryRegistryStore();
  readonly folder: TemporaryFolder;
  readonly main: StorageAdapter;
  readonly spare: StorageAdapter;
  readonly storage: StorageService;
  nowMs: number = Date.UTC(2026, 0, 1);

  private constructor(folder: TemporaryFolder, kind: StoreKind, isFenced: boolean) {
    this.folder = folder;
    this.main = makeAdapter(kind, folder.join('main'));
    this.spare = makeAdapter(kind, folder.join('spare'));
    // A store that is not fenced keeps each version's record as an object, which is looked at like any other.
    const capabilities = { ...this.main.capabilities, replaceIfMatch: isFenced };
    const main = overriding<StorageAdapter>(this.main, { capabilities });
    this.storage = new StorageService({ adapters: { main, spare: this.spare } });
  }

  static async make(kind: StoreKind, { isFenced = true } = {}): Promise<TwoStores> {
    return new TwoStores(await TemporaryFolder.make(), kind, isFenced);
  }

  get persistence(): ModelPersistenceService {
    return new ModelPersistenceService({
      registry: this.registry,
      storage: this.storage,
      now: () => this.nowMs,
    });
  }

  /** Everything that a verification through other eyes tells. */
  verify(options: VerifyOptions = {}, storage: StorageService = this.storage): Promise<VerifiedObject[]> {
    const now = (): number => this.nowMs;
    return Array.fromAsync(
      new VerificationService({ registry: this.registry, storage, now }).verify(options),
    );
  }

  /** What is not intact. */
  async damage(options: VerifyOptions = {}): Promise<readonly VerifiedObject[]> {
    return (await this.verify(options)).filter(({ state }) => state !== 'intact');
  }

  /** Copies everything that is registered from `main` to `spare`, and registers it there if that is wanted. */
  async mirror(options: { readonly isRegistered: boolean }): Promise<void> {
    const { objects } = this.registry.repositories;
    for (const location of await this.locations()) {
      const info = await this.main.head(location.key as never);
      await using reader = await this.main.get(location.key as never);
      if (reader === undefined || info === undefined) throw new Error(`${location.key} is not there`);
      const { contentType } = info;
      await this.spare.put(
        location.key as never,
        reader.body,
        contentType === undefined ? {} : { contentType },
      );
      const verifiedAt = utcTimestamp(this.nowMs);
      if (options.isRegistered) await objects.putLocation({ ...location, storeName: 'spare', verifiedAt });
    }
  }

  async locations(): Promise<readonly ObjectLocation[]> {
    return (await this.registry.repositories.objects.listLocations()).items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.storage[Symbol.asyncDispose]();
    await this.registry[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

function makeAdapter(kind: StoreKind, root: string): StorageAdapter {
  return kind === 'memory' ? new MemoryStorageAdapter() : new FilesystemStorageAdapter({ root });
}
