import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import {
  type Digest,
  type ModelVersion,
  type RegistryStore,
  isReservedKey,
  contentKey,
  versionOwner,
} from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import {
  CollectionService,
  ModelManagementService,
  ModelPersistenceService,
  VerificationService,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { overriding } from './overriding.ts';

export const registryKinds = ['memory', 'SQLite'] as const;
export type RegistryKind = (typeof registryKinds)[number];

/** What of a world is to be otherwise. */
export interface WorldChanges {
  readonly registry?: (registry: RegistryStore) => RegistryStore;
  readonly adapter?: (adapter: StorageAdapter) => StorageAdapter;
  /** @default memory */
  readonly store?: 'memory' | 'filesystem' | 'hashed first';
}

/** A registry and a store with all services over them, at a time that stands still unless it is moved. */
export class World implements AsyncDisposable {
  /** As it is, without the changes. */
  readonly registry: RegistryStore;
  /** As it is, without the changes. */
  readonly adapter: StorageAdapter;
  readonly storage: StorageService;
  readonly persistence: ModelPersistenceService;
  readonly models: ModelManagementService;
  readonly verification: VerificationService;
  readonly collection: CollectionService;
  readonly folder: TemporaryFolder;
  nowMs: number = Date.UTC(2026, 0, 1);

  private constructor(parts: Pick<World, 'registry' | 'adapter' | 'folder'>, changes: WorldChanges) {
    this.registry = parts.registry;
    this.adapter = parts.adapter;
    this.folder = parts.folder;
    const seen = changes.adapter?.(parts.adapter) ?? parts.adapter;
    this.storage = new StorageService({ adapters: { main: seen }, spoolFolder: parts.folder.path });
    const now = (): number => this.nowMs;
    const collaborators = {
      registry: changes.registry?.(parts.registry) ?? parts.registry,
      storage: this.storage,
      now,
    };
    this.persistence = new ModelPersistenceService(collaborators);
    this.models = new ModelManagementService({ ...collaborators, actor: 'ana' });
    this.verification = new VerificationService(collaborators);
    this.collection = new CollectionService(collaborators);
  }

  static async make(kind: RegistryKind, changes: WorldChanges = {}): Promise<World> {
    const folder = await TemporaryFolder.make();
    const registry =
      kind === 'memory'
        ? new MemoryRegistryStore()
        : await SqlRegistryStore.open({ url: `sqlite:${folder.join('registry.db')}` });
    return new World({ registry, folder, adapter: makeAdapter(changes.store ?? 'memory', folder) }, changes);
  }

  /** Another set of services over the same registry and store, as another process would have. */
  beside(changes: WorldChanges = {}): World {
    const other = new World(this, changes);
    other.nowMs = this.nowMs;
    return other;
  }

  /** The keys of the stored objects, without those of the store itself. */
  async keys(): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const { objects } of this.adapter.list()) keys.push(...objects.map(({ key }) => key));
    return keys.filter((key) => !isReservedKey(key));
  }

  /** Every version that there is. */
  async versions(): Promise<readonly ModelVersion[]> {
    return (await this.registry.repositories.versions.findAll()).items;
  }

  /** Every digest that a version needs. */
  async needed(): Promise<ReadonlySet<Digest>> {
    const needed = new Set<Digest>();
    for (const { id } of await this.versions()) {
      for (const digest of await this.registry.repositories.objects.findReferences(versionOwner(id)))
        needed.add(digest);
    }
    return needed;
  }

  /** What is wrong: an object that a version needs and is not there, or that is there and needed by none. */
  async faults(): Promise<{ readonly missing: readonly string[]; readonly superfluous: readonly string[] }> {
    const [keys, wanted] = [await this.keys(), new Set<string>(Array.from(await this.needed(), contentKey))];
    return {
      missing: [...wanted].filter((key) => !keys.includes(key)),
      superfluous: keys.filter((key) => !wanted.has(key)),
    };
  }

  /** What is wrong after a collection, to which a save that fails leaves what it stored. */
  async faultsCollected(): ReturnType<World['faults']> {
    for await (const _item of this.beside().collection.collect());
    return this.faults();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.adapter[Symbol.asyncDispose]();
    await this.registry[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

function makeAdapter(store: NonNullable<WorldChanges['store']>, folder: TemporaryFolder): StorageAdapter {
  if (store === 'filesystem') return new FilesystemStorageAdapter({ root: folder.join('store') });
  const memory = new MemoryStorageAdapter();
  if (store === 'memory') return memory;
  return overriding<StorageAdapter>(memory, { capabilities: { ...memory.capabilities, lateKey: false } });
}

/** Bytes that look random and are the same every time. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Nothing missing, nothing left over. */
export const noFaults = { missing: [], superfluous: [] };
