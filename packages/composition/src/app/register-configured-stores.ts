import type {
  AzureStoreConfiguration,
  Configuration,
  DatabaseStoreConfiguration,
  GcsStoreConfiguration,
  LocalFilesystemStoreConfiguration,
  MemoryStoreConfiguration,
  MlflowStoreConfiguration,
  RedisStoreConfiguration,
  S3StoreConfiguration,
} from '@holdfast/contracts';
import type { AppOptions } from './app.ts';
import type { StorageAdapterFactory } from './storage-adapter-factory.ts';
import { openAzureStore } from './stores/azure-store.ts';
import { openDatabaseStore } from './stores/database-store.ts';
import { openGcsStore } from './stores/gcs-store.ts';
import { openMlflowStore } from './stores/mlflow-store.ts';
import { openRedisStore } from './stores/redis-store.ts';
import { openS3Store } from './stores/s3-store.ts';

/** Registers the backends of this version, each loaded when it is first used, and the stores of a configuration. */
export function registerConfiguredStores(
  adapters: StorageAdapterFactory,
  { stores }: Configuration,
  { reserve }: Pick<AppOptions, 'reserve'> = {},
): void {
  adapters
    .registerBackend<LocalFilesystemStoreConfiguration>('local_filesystem', async (store) => {
      const { FilesystemStorageAdapter } = await import('@holdfast/adapter-filesystem');
      const { access, ...rest } = store;
      const given = access === undefined ? {} : { access };
      if (rest.layout === 'plain') return new FilesystemStorageAdapter({ ...rest, ...given });
      const { medium, ...others } = rest;
      return new FilesystemStorageAdapter({
        ...others,
        ...given,
        medium,
        reserve,
      });
    })
    .registerBackend<MemoryStoreConfiguration>('memory', async () => {
      const { MemoryStorageAdapter } = await import('@holdfast/adapter-memory');
      return new MemoryStorageAdapter();
    })
    .registerBackend<S3StoreConfiguration>('aws_s3', openS3Store)
    .registerBackend<AzureStoreConfiguration>('azure_blob', openAzureStore)
    .registerBackend<GcsStoreConfiguration>('gcp_storage', openGcsStore)
    .registerBackend<RedisStoreConfiguration>('redis', openRedisStore)
    .registerBackend<MlflowStoreConfiguration>('mlflow', openMlflowStore)
    .registerBackend<DatabaseStoreConfiguration>('database', openDatabaseStore);
  for (const [name, store] of Object.entries(stores)) adapters.registerStore(name, store);
}
