import { readFile } from 'node:fs/promises';
import type { StorageOptions } from '@google-cloud/storage';
import { type KeyContent, clientOfKey } from './client-of-key.ts';
import { connectionAgent } from './connection-agent.ts';
import type { GcpCredentials } from './gcp-storage-options.ts';
import { GcsClient } from './gcs-client.ts';
import { isLoopback } from './is-loopback.ts';
import type { ResolvedGcpConfiguration } from './resolve-gcp-configuration.ts';
import { missingVariable, unreadableKey, unreadableKeyFile } from './to-storage-error.ts';

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
  if (credentials === 'anonymous') {
    const { PassThroughClient } = await import('google-auth-library');
    return { authClient: new PassThroughClient() };
  }
  const { GoogleAuth } = await import('google-auth-library');
  const { content, name } = await keyTextOf(credentials);
  const key = keyOf(content, name);
  const authClient = new GoogleAuth({ authClient: await clientOfKey(key, name) });
  // Who signs is looked up here; without it, the library asks the machine's metadata service.
  authClient.jsonContent = key;
  return { authClient };
}

interface KeyText {
  readonly content: string;
  /** What people know it by. */
  readonly name: string;
}

async function keyTextOf(credentials: Exclude<GcpCredentials, string>): Promise<KeyText> {
  if (typeof credentials === 'function') return { content: await credentials(), name: 'the given key' };
  if ('environment' in credentials) {
    const { environment } = credentials;
    const content = process.env[environment] ?? '';
    if (content === '') throw missingVariable(environment);
    return { content, name: `the environment variable ${environment}` };
  }
  const { keyFile } = credentials;
  const content = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    throw unreadableKeyFile(keyFile, error);
  });
  return { content, name: `the key file ${keyFile}` };
}

function keyOf(json: string, name: string): KeyContent {
  try {
    const key: unknown = JSON.parse(json);
    if (typeof key === 'object' && key !== null) return key as KeyContent;
  } catch {
    // Whatever the text is, it may be a secret: neither it nor the parser's words are shown.
  }
  throw unreadableKey(name);
}
