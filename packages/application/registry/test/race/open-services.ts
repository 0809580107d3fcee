import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import type { RegistryStore } from '@holdfast/domain';
import {
  CollectionService,
  ModelManagementService,
  ModelPersistenceService,
  VerificationService,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { PausingAdapter } from './pausing-adapter.ts';

/** Everything over one folder, as one process sees it. */
export interface Services extends AsyncDisposable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly models: ModelManagementService;
  readonly persistence: ModelPersistenceService;
  readonly verification: VerificationService;
  readonly collection: CollectionService;
}

/** The registry of a folder that is on a server, as the processes of a race are told. */
export const registryVariables = {
  url: 'HOLDFAST_RACE_REGISTRY_URL',
  schema: 'HOLDFAST_RACE_REGISTRY_SCHEMA',
};

/** @param options how long the store stands still, at most, wherever that is dangerous; not at all by default. */
export async function openServices(
  folder: string,
  options: { readonly longestPauseMs?: number } = {},
): Promise<Services> {
  const schema = process.env[registryVariables.schema];
  const registry = await SqlRegistryStore.open({
    url: process.env[registryVariables.url] ?? `sqlite:${join(folder, 'registry.db')}`,
    ...(schema === undefined ? {} : { schema }),
    busyTimeoutMs: 60_000,
  });
  const { longestPauseMs = 0 } = options;
  const settings = { root: join(folder, 'store'), busyTimeoutMs: 60_000 };
  const adapter =
    longestPauseMs === 0
      ? new FilesystemStorageAdapter(settings)
      : new PausingAdapter({ ...settings, longestPauseMs });
  const storage = new StorageService({ adapters: { default: adapter } });
  const parts = { registry, storage };
  return {
    registry,
    storage,
    models: new ModelManagementService(parts),
    persistence: new ModelPersistenceService(parts),
    verification: new VerificationService(parts),
    collection: new CollectionService(parts),
    [Symbol.asyncDispose]: async () => {
      await storage[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}
