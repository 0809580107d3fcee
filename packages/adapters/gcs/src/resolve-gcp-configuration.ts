import { type ResolvedCloudConfiguration, resolveCloudConfiguration } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { GcpCredentials, GcpStorageOptions } from './gcp-storage-options.ts';
import { isLoopback } from './is-loopback.ts';
import { uploadUnitBytes } from './upload-unit.ts';

/** What an adapter is made with, complete. */
export interface ResolvedGcpConfiguration extends ResolvedCloudConfiguration {
  readonly endpoint: string;
  readonly credentials: GcpCredentials;
}

const google = 'https://storage.googleapis.com';
/** Names that begin so are not taken: https://docs.cloud.google.com/storage/docs/objects#naming */
const forbiddenBeginning = '.well-known/acme-challenge/';
const defaultPartBytes = 8_388_608;

/**
 * Fills in the defaults, and decides who sends the requests.
 *
 * @throws StorageError `invalid-configuration` naming the field.
 */
export function resolveGcpConfiguration(options: GcpStorageOptions): ResolvedGcpConfiguration {
  const configuration = resolveCloudConfiguration(options, StorageBackend.GcpStorage);
  const { prefix, transfer } = configuration;
  const endpoint = (configuration.endpoint ?? google).replace(/\/+$/, '');
  const meets =
    prefix !== '' && (forbiddenBeginning.startsWith(prefix) || prefix.startsWith(forbiddenBeginning));
  if (meets)
    throw refusal(
      `The prefix ${JSON.stringify(prefix)} meets "${forbiddenBeginning}", which Google keeps for itself`,
    );
  const partSizeBytes = transfer.partSizeBytes ?? defaultPartBytes;
  return {
    ...configuration,
    endpoint,
    credentials: credentialsFor(endpoint, options.credentials),
    transfer: {
      ...transfer,
      partSizeBytes: Math.ceil(partSizeBytes / uploadUnitBytes) * uploadUnitBytes,
    },
  };
}

function credentialsFor(address: string, given: GcpCredentials | undefined): GcpCredentials {
  const endpoint = new URL(address);
  const isHere = isLoopback(address);
  const isOpen = endpoint.protocol === 'http:' && !isHere;
  if (given === 'anonymous') return given;
  if (isOpen) {
    throw refusal(
      `The endpoint ${endpoint.origin} is not encrypted, so no credentials are sent there`,
      'Use https, or say that the credentials are "anonymous".',
    );
  }
  if (given !== undefined) return given;
  if (isHere) return 'anonymous';
  if (isGoogles(endpoint)) return 'default';
  throw refusal(
    `The endpoint ${endpoint.origin} is not Google's, and no credentials are named`,
    'Name the credentials of the store: "default" sends Google\'s own there.',
  );
}

function isGoogles({ hostname }: URL): boolean {
  return hostname === 'googleapis.com' || hostname.endsWith('.googleapis.com');
}

function refusal(reason: string, hint?: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend: StorageBackend.GcpStorage,
    message: `${reason}.`,
    hint,
  });
}
