import { type StorageBackend, utf8Length, whyNotKeyPrefix } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { RequestSettings, TimeoutOptions } from '../requests/request-settings.ts';
import type { RetryOptions } from '../requests/retries.ts';
import type { TransferOptions } from './part-plan.ts';

/** What all clouds are configured with. */
export interface CloudStorageConfiguration {
  /** The server's address, where it is not the vendor's own, such as `http://127.0.0.1:9000`. */
  readonly endpoint?: string | undefined;
  /** The bucket or container. */
  readonly bucket: string;
  /** The beginning of every name, such as `team/models/`. Two prefixes are two stores. @default '' */
  readonly prefix?: string;
  /** Most connections at once. @default 32 */
  readonly poolSize?: number;
  readonly timeouts?: TimeoutOptions;
  readonly retry?: RetryOptions;
  readonly transfer?: TransferOptions;
}

/** The same, with every default filled in. */
export interface ResolvedCloudConfiguration extends RequestSettings {
  readonly endpoint: string | undefined;
  readonly bucket: string;
  readonly prefix: string;
  readonly poolSize: number;
  readonly transfer: TransferOptions;
}

const longestPrefixBytes = 500;

/**
 * Fills in the defaults.
 *
 * @throws StorageError `invalid-configuration` naming the field.
 */
export function resolveCloudConfiguration(
  given: CloudStorageConfiguration,
  backend: StorageBackend,
): ResolvedCloudConfiguration {
  const reason = whyNot(given);
  if (reason !== undefined) {
    throw new StorageError({
      code: 'invalid-configuration',
      operation: 'open',
      backend,
      message: `${reason}.`,
    });
  }
  const { endpoint, bucket, prefix = '', poolSize = 32, timeouts = {}, retry = {}, transfer = {} } = given;
  return {
    endpoint,
    bucket,
    prefix,
    poolSize,
    timeouts: { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000, ...timeouts },
    retry: { attempts: 10, totalMs: 180_000, baseDelayMs: 100, maximumDelayMs: 15_000, ...retry },
    transfer,
  };
}

function whyNot(given: CloudStorageConfiguration): string | undefined {
  const { endpoint, bucket, prefix = '', poolSize = 1, timeouts = {}, retry = {}, transfer = {} } = given;
  if (bucket === '') return 'The bucket has no name';
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    return 'The endpoint is not a URL that begins with http:// or https://, without user, password or query';
  }
  if (prefix.startsWith('/')) return `The prefix ${JSON.stringify(prefix)} begins with "/"`;
  const prefixReason = whyNotKeyPrefix(prefix);
  if (prefixReason !== undefined) return `The prefix ${JSON.stringify(prefix)} ${prefixReason}`;
  if (utf8Length(prefix) > longestPrefixBytes) return `The prefix is longer than ${longestPrefixBytes} bytes`;
  const numbers = { poolSize, ...timeouts, ...retry, ...transfer };
  const wrong = Object.entries(numbers).find(([, value]) => !(Number.isFinite(value) && value > 0));
  return wrong === undefined ? undefined : `${wrong[0]} is ${String(wrong[1])}, not a number above 0`;
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}` === '';
}
