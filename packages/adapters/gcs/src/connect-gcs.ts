import { readFile } from 'node:fs/promises';
import type { StorageOptions } from '@google-cloud/storage';
import { connectionAgent } from './connection-agent.ts';
import type { GcpCredentials } from './gcp-storage-options.ts';
import { GcsClient } from './gcs-client.ts';
import { isLoopback } from './is-loopback.ts';
import type { ResolvedGcpConfiguration } from './resolve-gcp-configuration.ts';
import { missingVariable, unreadableKey, unreadableKeyFile } from './to-storage-error.ts';

/** What the objects of a bucket ask for, and signing without a key. */
const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Makes a client that tries once; Google's library is loaded when it is first needed. */
export async function connectGcs(configuration: ResolvedGcpConfiguration): Promise<GcsClient> {
  const { endpoint, poolSize, timeouts, credentials } = configuration;
  const { Storage } = await import('@google-cloud/storage');
  const storage = new Storage({
    apiEndpoint: endpoint,
    useAuthWithCustomEndpoint: true,
    retryOptions: { autoRetry: false, maxRetries: 0 },
    ...(await accessOf(credentials)),
  });
  const isProxied = !isLoopback(endpoint) && proxyVariables.some((name) => (process.env[name] ?? '') !== '');
  const agent = isProxied
    ? undefined
    : connectionAgent(endpoint, { poolSize, connectMs: timeouts.connectMs });
  return new GcsClient({ storage, endpoint, agent });
}

async function accessOf(credentials: GcpCredentials): Promise<Pick<StorageOptions, 'authClient'>> {
  if (credentials === 'default') return {};
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library');
  if (credentials === 'anonymous') return { authClient: new PassThroughClient() };
  return { authClient: new GoogleAuth({ credentials: await keyFrom(credentials), scopes }) };
}

/** Read here, not by Google's library: for that, a file that is no JSON is a key by itself, and it sends nothing. */
async function keyFrom(credentials: Exclude<GcpCredentials, string>): Promise<object> {
  if (typeof credentials === 'function') return keyOf(await credentials(), 'the given key');
  if ('environment' in credentials) {
    const value = process.env[credentials.environment] ?? '';
    if (value === '') throw missingVariable(credentials.environment);
    return keyOf(value, `the environment variable ${credentials.environment}`);
  }
  const { keyFile } = credentials;
  const content = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    throw unreadableKeyFile(keyFile, error);
  });
  return keyOf(content, `the key file ${keyFile}`);
}

function keyOf(json: string, name: string): object {
  try {
    const key: unknown = JSON.parse(json);
    if (typeof key === 'object' && key !== null) return key;
  } catch {
    // Whatever the text is, it may be a secret: neither it nor the parser's words are shown.
  }
  throw unreadableKey(name);
}
