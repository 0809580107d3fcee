import type { S3StoreConfiguration } from '@holdfast/contracts';
import type { StorageAdapter } from '@holdfast/ports';
import { resolveSecret } from '../../configuration/resolve-secret.ts';

/** Makes the adapter of a store in S3; its SDK is loaded when it is first used. */
export async function openS3Store(store: S3StoreConfiguration): Promise<StorageAdapter> {
  const { S3StorageAdapter } = await import('@holdfast/adapter-s3');
  const {
    backend,
    bucket,
    prefix,
    poolSize,
    timeouts,
    retry,
    transfer,
    versions,
    endpoint,
    region,
    forcePathStyle,
  } = store;
  const credentials = credentialsOf(store);
  return new S3StorageAdapter({
    bucket,
    prefix,
    poolSize,
    timeouts,
    retry,
    transfer,
    versions,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    ...(credentials === undefined ? {} : { credentials: credentials(backend) }),
  });
}

type KeysOf = (
  backend: S3StoreConfiguration['backend'],
) => { readonly profile: string } | (() => Promise<S3Keys>);

interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function credentialsOf({ credentials }: S3StoreConfiguration): KeysOf | undefined {
  if (credentials === undefined) return undefined;
  const { profile, accessKeyId = '', secretAccessKey = '', sessionToken } = credentials;
  if (profile !== undefined) return () => ({ profile });
  return (backend) => async () => ({
    accessKeyId: await resolveSecret(accessKeyId, { backend }),
    secretAccessKey: await resolveSecret(secretAccessKey, { backend }),
    ...(sessionToken === undefined ? {} : { sessionToken: await resolveSecret(sessionToken, { backend }) }),
  });
}
