import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { RequestFailureError, type ResolvedCloudConfiguration } from '@holdfast/adapter-kit';
import type { S3CredentialVariables, S3Credentials, S3Keys, S3StorageOptions } from './s3-storage-options.ts';

type Connecting = Pick<S3StorageOptions, 'region' | 'forcePathStyle' | 'credentials'>;

/** Makes a client that tries once and checks what we ask it to; the library is loaded when it is first needed. */
export async function connectS3(configuration: ResolvedCloudConfiguration, options: Connecting): Promise<S3> {
  const { leanS3 } = await import('./lean-s3.ts');
  const { endpoint, poolSize, timeouts } = configuration;
  const isOther = endpoint !== undefined;
  const region = options.region ?? (isOther ? (process.env['AWS_REGION'] ?? 'us-east-1') : undefined);
  return leanS3({
    ...(isOther ? { endpoint } : {}),
    ...(region === undefined ? {} : { region }),
    forcePathStyle: options.forcePathStyle ?? isOther,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      httpAgent: { maxSockets: poolSize, keepAlive: true },
      httpsAgent: { maxSockets: poolSize, keepAlive: true },
    },
    ...credentialsOf(options.credentials),
  });
}

function credentialsOf(given: S3Credentials | undefined): Pick<S3ClientConfig, 'credentials' | 'profile'> {
  if (given === undefined) return {};
  if (typeof given === 'function') return { credentials: given };
  if ('profile' in given) return { profile: given.profile };
  const { environment } = given;
  return { credentials: async () => keysOf(environment) };
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: S3CredentialVariables): S3Keys {
  const token = sessionToken === undefined ? undefined : process.env[sessionToken];
  return {
    accessKeyId: required(accessKeyId),
    secretAccessKey: required(secretAccessKey),
    ...(token === undefined ? {} : { sessionToken: token }),
  };
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return value;
  throw new RequestFailureError({
    code: 'unauthenticated',
    what: `the environment variable ${variable} is not set`,
    hint: `Set ${variable}, or name another variable in the credentials of the store.`,
  });
}
