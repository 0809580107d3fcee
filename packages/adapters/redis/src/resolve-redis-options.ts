import { type RequestClock, type RequestSettings, systemClock } from '@holdfast/adapter-kit';
import { StorageBackend, utf8Length } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type RedisAddress, parseRedisUrl } from './connection/redis-address.ts';
import type { RedisCredentials, RedisKeepOptions, RedisStorageOptions } from './redis-storage-options.ts';

/** The options with every default filled in. */
export interface ResolvedRedisOptions extends RequestSettings {
  readonly addresses: readonly [RedisAddress, ...RedisAddress[]];
  readonly prefix: string;
  readonly credentials: (() => Promise<RedisCredentials>) | undefined;
  readonly poolSize: number;
  readonly maximumSizeBytes: number;
  readonly durability: 'appendonly' | 'none';
  readonly keep: Required<RedisKeepOptions>;
  readonly clock: RequestClock;
}

const mebibyte = 1_048_576;
const largestObjectBytes = 16_384 * mebibyte;
const longestPrefixBytes = 200;
const shortestStagedMs = 1_000;

/**
 * Fills in the defaults.
 *
 * @throws StorageError `invalid-configuration` naming the field.
 */
export function resolveRedisOptions(given: RedisStorageOptions): ResolvedRedisOptions {
  const resolved = {
    prefix: given.prefix ?? 'holdfast',
    credentials: given.credentials,
    poolSize: given.poolSize ?? 8,
    maximumSizeBytes: given.maximumSizeBytes ?? 512 * mebibyte,
    durability: given.durability ?? 'appendonly',
    keep: { stagedMs: 600_000, replacedMs: 60_000, ...given.keep },
    timeouts: { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000, ...given.timeouts },
    retry: { attempts: 10, totalMs: 180_000, baseDelayMs: 100, maximumDelayMs: 15_000, ...given.retry },
    clock: given.clock ?? systemClock,
  };
  const reason = whyNotPrefix(resolved.prefix) ?? whyNotNumbers(resolved);
  if (reason !== undefined) throw refusal(reason);
  const urls = typeof given.url === 'string' ? [given.url] : given.url;
  const [first, ...others] = urls.map((url) => {
    const address = parseRedisUrl(url);
    if (typeof address === 'string') throw refusal(address);
    return address;
  });
  if (first === undefined) throw refusal('There is no url');
  return { ...resolved, addresses: [first, ...others] };
}

function whyNotPrefix(prefix: string): string | undefined {
  if (prefix === '') return 'The prefix is empty';
  const shown = JSON.stringify(prefix);
  if (!prefix.isWellFormed() || /[{}\p{Cc}]/u.test(prefix)) {
    return `The prefix ${shown} has braces or control characters`;
  }
  return utf8Length(prefix) > longestPrefixBytes
    ? `The prefix ${shown} is longer than ${longestPrefixBytes} bytes`
    : undefined;
}

function whyNotNumbers(options: Omit<ResolvedRedisOptions, 'addresses'>): string | undefined {
  const { poolSize, maximumSizeBytes, keep, timeouts, retry } = options;
  const { replacedMs, stagedMs } = keep;
  const numbers = { poolSize, maximumSizeBytes, stagedMs, ...timeouts, ...retry };
  for (const [name, value] of Object.entries(numbers)) {
    if (!(Number.isFinite(value) && value > 0)) return `${name} is ${String(value)}, not a number above 0`;
  }
  if (maximumSizeBytes > largestObjectBytes) {
    return `maximumSizeBytes is ${maximumSizeBytes}; at most ${largestObjectBytes} can be`;
  }
  if (stagedMs < shortestStagedMs) return `stagedMs is ${stagedMs}; at least ${shortestStagedMs} can be`;
  if (!Number.isInteger(stagedMs) || !Number.isInteger(replacedMs) || replacedMs < 0) {
    return `stagedMs and replacedMs are ${stagedMs} and ${replacedMs}, not whole milliseconds from 0 up`;
  }
  return undefined;
}

function refusal(reason: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend: StorageBackend.Redis,
    message: `${reason}.`,
  });
}
