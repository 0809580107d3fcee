import { join } from 'node:path';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
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
  readonly storage: StorageService;
  readonly models: ModelManagementService;
  readonly persistence: ModelPersistenceService;
  readonly verification: VerificationService;
  readonly collection: CollectionService;
}

export async function openServices(folder: string): Promise<Services> {
  const registry = await SqlRegistryStore.open({
    url: `sqlite:${join(folder, 'registry.db')}`,
    busyTimeoutMs: 60_000,
  });
  const adapter = new PausingAdapter({ root: join(folder, 'store'), busyTimeoutMs: 60_000 });
  const storage = new StorageService({ adapters: { default: adapter } });
  const parts = { registry, storage };
  return {
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
