import type { AzureCredentialsConfiguration, AzureStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in Azure; its SDK is loaded when it is first used. */
export async function openAzureStore(store: AzureStoreConfiguration): Promise<StorageAdapter> {
  const { AzureBlobStorageAdapter } = await import('@holdfast/adapter-azure');
  const { backend: _backend, credentials, ...options } = store;
  return new AzureBlobStorageAdapter({
    ...options,
    credentials: credentials === undefined ? undefined : credentialsOf(credentials),
  });
}

type Secret = () => Promise<string>;
type Credentials =
  | { readonly connectionString: Secret }
  | { readonly accountKey: Secret }
  | { readonly sas: Secret }
  | 'anonymous';

function credentialsOf({ connectionString, accountKey, sas }: AzureCredentialsConfiguration): Credentials {
  if (connectionString !== undefined) return { connectionString: secretOf(connectionString) };
  if (accountKey !== undefined) return { accountKey: secretOf(accountKey) };
  return sas === undefined ? 'anonymous' : { sas: secretOf(sas) };
}

function secretOf(reference: string): Secret {
  return () => resolveSecret(reference, { backend: 'azure_blob' });
}
