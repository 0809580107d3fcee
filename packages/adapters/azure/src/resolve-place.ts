import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { AzureBlobStorageOptions, AzureCredentials } from './azure-blob-storage-options.ts';

/** Where the blobs are and who asks, before any secret is known. */
export interface AzurePlace {
  /** The account's address; absent where the connection string tells it. */
  readonly endpoint: string | undefined;
  readonly account: string | undefined;
  /** Absent where nothing was given: whoever asks is told so. */
  readonly credentials: AzureCredentials | undefined;
  readonly versions: boolean;
}

const containerName = /^(?:\$root|\$web|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)$/;
const accountName = /^[a-z0-9]{3,24}$/;
const finalDot = /\.(?:\/|$)/;

/**
 * Fills in what options leave to the environment.
 *
 * @throws StorageError `invalid-configuration` naming the field.
 */
export function resolvePlace(
  options: AzureBlobStorageOptions,
  environment: Readonly<Record<string, string | undefined>>,
): AzurePlace {
  const credentials = options.credentials ?? credentialsOf(environment);
  const reason = whyNot(options, credentials);
  if (reason !== undefined) throw invalid(reason);
  const { versions = false } = options;
  if (isConnectionString(credentials))
    return { endpoint: undefined, account: undefined, credentials, versions };
  const account =
    options.account ?? accountOf(options.endpoint) ?? (environment['AZURE_STORAGE_ACCOUNT'] || undefined);
  const endpoint =
    options.endpoint ?? (account === undefined ? undefined : `https://${account}.blob.core.windows.net`);
  if (endpoint === undefined)
    throw invalid('Neither the account nor the endpoint is given, and AZURE_STORAGE_ACCOUNT is not set');
  return { endpoint, account, credentials, versions };
}

/** As Azure's command line reads them. */
function credentialsOf(
  environment: Readonly<Record<string, string | undefined>>,
): AzureCredentials | undefined {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  if (isSet('AZURE_STORAGE_CONNECTION_STRING'))
    return { connectionString: { environment: 'AZURE_STORAGE_CONNECTION_STRING' } };
  if (isSet('AZURE_STORAGE_KEY')) return { accountKey: { environment: 'AZURE_STORAGE_KEY' } };
  if (isSet('AZURE_STORAGE_SAS_TOKEN')) return { sas: { environment: 'AZURE_STORAGE_SAS_TOKEN' } };
  return undefined;
}

function whyNot(
  { container, account, endpoint, prefix = '' }: AzureBlobStorageOptions,
  credentials: AzureCredentials | undefined,
): string | undefined {
  if (!containerName.test(container))
    return `The container ${JSON.stringify(container)} is not 3 to 63 lower-case letters, digits and single hyphens`;
  if (account !== undefined && !accountName.test(account))
    return `The account ${JSON.stringify(account)} is not 3 to 24 lower-case letters and digits`;
  if (prefix.includes('\\') || finalDot.test(prefix.slice(0, prefix.lastIndexOf('/') + 1)))
    return `The prefix ${JSON.stringify(prefix)} has a backslash, or a dot before "/", which Azure cannot spell`;
  if (!isConnectionString(credentials)) return undefined;
  const beside = endpoint === undefined ? (account === undefined ? undefined : 'account') : 'endpoint';
  return beside === undefined
    ? undefined
    : `The ${beside} is given beside a connection string, which names its own`;
}

function isConnectionString(credentials: AzureCredentials | undefined): boolean {
  return typeof credentials === 'object' && 'connectionString' in credentials;
}

/** The first label of the host's name, or, behind an address of numbers, the first segment of the path. */
function accountOf(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { hostname, pathname } = new URL(endpoint);
  const [first] = pathname.split('/').filter((segment) => segment !== '');
  return first ?? hostname.split('.')[0];
}

function invalid(reason: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend: StorageBackend.AzureBlob,
    message: `${reason}.`,
  });
}
