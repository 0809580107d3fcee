import type { S3StoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in S3; its SDK is loaded when it is first used. */
export async function openS3Store(store: S3StoreConfiguration): Promise<StorageAdapter> {
  const { S3StorageAdapter } = await import('@holdfast/adapter-s3');
  const { backend: _backend, credentials: _credentials, ...options } = store;
  return new S3StorageAdapter({ ...options, credentials: credentialsOf(store) });
}

interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function credentialsOf({
  backend,
  credentials,
}: S3StoreConfiguration): { readonly profile: string } | (() => Promise<S3Keys>) | undefined {
  if (credentials === undefined) return undefined;
  const { profile, accessKeyId = '', secretAccessKey = '', sessionToken } = credentials;
  if (profile !== undefined) return { profile };
  return async () => ({
    accessKeyId: await resolveSecret(accessKeyId, { backend }),
    secretAccessKey: await resolveSecret(secretAccessKey, { backend }),
    ...(sessionToken === undefined ? {} : { sessionToken: await resolveSecret(sessionToken, { backend }) }),
  });
}
