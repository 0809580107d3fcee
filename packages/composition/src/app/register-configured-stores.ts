import type {
  Configuration,
  DatabaseStoreConfiguration,
  LocalFilesystemStoreConfiguration,
  MemoryStoreConfiguration,
  S3StoreConfiguration,
} from '@holdfast/contracts';
import type { StorageAdapterFactory } from './storage-adapter-factory.ts';
import { openDatabaseStore } from './stores/database-store.ts';
import { openS3Store } from './stores/s3-store.ts';

/** Registers the backends of this version, each loaded when it is first used, and the stores of a configuration. */
export function registerConfiguredStores(adapters: StorageAdapterFactory, { stores }: Configuration): void {
  adapters
    .registerBackend<LocalFilesystemStoreConfiguration>('local_filesystem', async (store) => {
      const { FilesystemStorageAdapter } = await import('@holdfast/adapter-filesystem');
      if (store.layout === 'plain') return new FilesystemStorageAdapter(store);
      const { medium, ...others } = store;
      return new FilesystemStorageAdapter(medium === undefined ? others : { ...others, medium });
    })
    .registerBackend<MemoryStoreConfiguration>('memory', async () => {
      const { MemoryStorageAdapter } = await import('@holdfast/adapter-memory');
      return new MemoryStorageAdapter();
    })
    .registerBackend<S3StoreConfiguration>('aws_s3', openS3Store)
    .registerBackend<DatabaseStoreConfiguration>('database', openDatabaseStore);
  for (const [name, store] of Object.entries(stores)) adapters.registerStore(name, store);
}
