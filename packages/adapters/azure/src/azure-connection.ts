import type { Agent } from 'node:http';
import type { AnonymousCredential, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { RequestFailureError, type ResolvedCloudConfiguration } from '@holdfast/adapter-kit';
import type { AzureSecret, AzureTokenCredential } from './azure-blob-storage-options.ts';
import { pooledAgent } from './pooled-agent.ts';
import type { AzurePlace } from './resolve-place.ts';

type Library = typeof import('@azure/storage-blob');

/** A container, and the connections to it. */
export interface AzureConnection {
  readonly library: Library;
  readonly container: ContainerClient;
  readonly agent: Agent;
  /** Where tokens come from, for requests that carry one more than their own. */
  readonly tokens: AzureTokenCredential | undefined;
}

/** The address of a container and who asks there. */
interface Access {
  readonly url: string;
  readonly credential: StorageSharedKeyCredential | AnonymousCredential | AzureTokenCredential;
}

/** Makes a client that tries once; the library is loaded, and secrets are read, when they are first needed. */
export async function connectAzure(
  configuration: ResolvedCloudConfiguration,
  place: AzurePlace,
): Promise<AzureConnection> {
  const library = await import('@azure/storage-blob');
  const { url, credential } = await accessOf(library, place, configuration.bucket);
  const { poolSize, timeouts } = configuration;
  const agent = pooledAgent(new URL(url).protocol, { poolSize, connectMs: timeouts.connectMs });
  // The pipeline takes an agent; the type of its options does not say so.
  const settings = {
    agent,
    retryOptions: { maxTries: 1 },
    userAgentOptions: { userAgentPrefix: 'holdfast' },
  };
  const container = new library.ContainerClient(url, library.newPipeline(credential, settings));
  return { library, container, agent, tokens: 'getToken' in credential ? credential : undefined };
}

async function accessOf(library: Library, place: AzurePlace, container: string): Promise<Access> {
  const { credentials, endpoint = '', account } = place;
  const url = `${endpoint.replace(/\/+$/, '')}/${container}`;
  if (credentials === undefined) throw noCredentials();
  if (credentials === 'anonymous') return { url, credential: new library.AnonymousCredential() };
  if ('token' in credentials) return tokenAccess(url, credentials.token);
  if ('sas' in credentials) {
    const sas = (await readSecret(credentials.sas)).replace(/^\?/, '');
    if (!/(?:^|&)sig=[^&]/.test(sas)) throw invalid('the shared access signature has no field sig');
    return { url: `${url}?${sas}`, credential: new library.AnonymousCredential() };
  }
  if ('accountKey' in credentials) {
    const key = await readSecret(credentials.accountKey);
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) throw invalid('the account key is not a text of Base64');
    return { url, credential: new library.StorageSharedKeyCredential(account ?? '', key) };
  }
  return connectionStringAccess(library, await readSecret(credentials.connectionString), container);
}

function connectionStringAccess(library: Library, text: string, container: string): Access {
  try {
    const { url, credential } = new library.ContainerClient(text, container);
    if (!/^https?:/.test(text) && /^https?:/.test(url)) return { url, credential };
  } catch {
    // What the library says of it could repeat a part of it.
  }
  throw invalid('the connection string cannot be read');
}

function tokenAccess(url: string, credential: AzureTokenCredential): Access {
  if (url.startsWith('https:')) return { url, credential };
  throw invalid('tokens are sent only to an endpoint of https');
}

async function readSecret(secret: AzureSecret): Promise<string> {
  if (typeof secret === 'function') return (await secret()).trim();
  const value = process.env[secret.environment]?.trim();
  if (value !== undefined && value !== '') return value;
  throw new RequestFailureError({
    code: 'unauthenticated',
    what: `the environment variable ${secret.environment} is not set`,
    hint: `Set ${secret.environment}, or name another variable in the credentials of the store.`,
  });
}

function noCredentials(): RequestFailureError {
  return new RequestFailureError({
    code: 'unauthenticated',
    what: 'there are no credentials',
    hint: 'Give the store credentials, or set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; a container that is open to the public is read with anonymous ones.',
  });
}

function invalid(what: string): RequestFailureError {
  return new RequestFailureError({
    code: 'invalid-configuration',
    what,
    hint: 'Copy it again from “Access keys” or “Shared access signature” of the storage account.',
  });
}
