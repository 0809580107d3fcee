import type { MlflowStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store among the artifacts of an MLflow server; it is loaded when it is first used. */
export async function openMlflowStore(store: MlflowStoreConfiguration): Promise<StorageAdapter> {
  const { MLflowStorageAdapter } = await import('@holdfast/adapter-mlflow');
  const { endpoint, prefix, poolSize, timeouts, retry, transfer } = store;
  return new MLflowStorageAdapter({
    endpoint,
    prefix,
    poolSize,
    timeouts,
    retry,
    transfer,
    credentials: () => credentialsOf(store),
  });
}

type Credentials = { readonly token: string } | { readonly username: string; readonly password: string };

async function credentialsOf({
  backend,
  credentials = {},
}: MlflowStoreConfiguration): Promise<Credentials | undefined> {
  const { token, username, password } = credentials;
  if (token !== undefined) return { token: await resolveSecret(token, { backend }) };
  if (username === undefined || password === undefined) return undefined;
  return { username, password: await resolveSecret(password, { backend }) };
}
