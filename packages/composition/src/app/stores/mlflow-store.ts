import type { MlflowStoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store among the artifacts of an MLflow server, which is loaded with the first of them. */
export async function openMlflowStore(store: MlflowStoreConfiguration): Promise<StorageAdapter> {
  const { MLflowStorageAdapter } = await import('@holdfast/adapter-mlflow');
  const { endpoint, prefix, poolSize, connectTimeoutMs, answerTimeoutMs, idleTimeoutMs } = store;
  return new MLflowStorageAdapter({
    endpoint,
    prefix,
    poolSize,
    timeouts: { connectMs: connectTimeoutMs, firstByteMs: answerTimeoutMs, idleMs: idleTimeoutMs },
    credentials: () => credentialsOf(store),
  });
}

async function credentialsOf({
  backend,
  token,
  username,
  password,
}: MlflowStoreConfiguration): Promise<
  { readonly token: string } | { readonly username: string; readonly password: string } | undefined
> {
  if (username !== undefined && password !== undefined)
    return { username, password: await resolveSecret(password, { field: 'password', backend }) };
  if (token !== undefined) return { token: await resolveSecret(token, { field: 'token', backend }) };
  return undefined;
}
