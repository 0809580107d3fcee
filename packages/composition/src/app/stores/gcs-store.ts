import type { GcsCredentialsConfiguration, GcsStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in Google Cloud Storage; its SDK is loaded when it is first used. */
export async function openGcsStore(store: GcsStoreConfiguration): Promise<StorageAdapter> {
  const { GcpStorageAdapter } = await import('@holdfast/adapter-gcs');
  const { backend: _backend, credentials, ...options } = store;
  return new GcpStorageAdapter({
    ...options,
    credentials: credentials === undefined ? undefined : credentialsOf(credentials),
  });
}

function credentialsOf({
  key,
  anonymous,
}: GcsCredentialsConfiguration): 'default' | 'anonymous' | (() => Promise<string>) {
  if (key !== undefined) return () => resolveSecret(key, { backend: 'gcp_storage' });
  return anonymous === true ? 'anonymous' : 'default';
}
