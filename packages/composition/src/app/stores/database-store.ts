import type { DatabaseStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in a database; its drivers are loaded when it is first used. */
export async function openDatabaseStore(store: DatabaseStoreConfiguration): Promise<StorageAdapter> {
  const { DatabaseStorageAdapter } = await import('@holdfast/adapter-sql');
  const { backend, url, createIfMissing, busyTimeoutMs, medium, access, schema, poolSize, timeouts } = store;
  const password = store.credentials?.password;
  return new DatabaseStorageAdapter({
    url,
    createIfMissing,
    busyTimeoutMs,
    medium,
    access,
    schema,
    poolSize,
    timeouts,
    ...(password === undefined ? {} : { password: () => resolveSecret(password, { backend }) }),
  });
}
