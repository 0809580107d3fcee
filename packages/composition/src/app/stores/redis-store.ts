import type { RedisStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in Redis; its client is loaded when it is first used. */
export async function openRedisStore(store: RedisStoreConfiguration): Promise<StorageAdapter> {
  const { RedisStorageAdapter } = await import('@holdfast/adapter-redis');
  const { backend, url, credentials: given, ...options } = store;
  const credentials = given === undefined ? undefined : credentialsOf(given, backend);
  return new RedisStorageAdapter({
    ...options,
    url: url.split(','),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

function credentialsOf(
  { username, password }: NonNullable<RedisStoreConfiguration['credentials']>,
  backend: RedisStoreConfiguration['backend'],
): () => Promise<{ readonly username?: string; readonly password: string }> {
  return async () => ({
    ...(username === undefined ? {} : { username }),
    password: await resolveSecret(password, { backend }),
  });
}
