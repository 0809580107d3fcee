import type { RequestClock, RetryOptions, TimeoutOptions } from '@holdfast/adapter-kit';

/** Who signs in. */
export interface RedisCredentials {
  /** @default the server's default user */
  readonly username?: string;
  readonly password: string;
}

/** How long bytes stay that no object names, or none any more. */
export interface RedisKeepOptions {
  /**
   * Bytes of a write that is under way. A running writer renews this as long as it lives; of one that was killed the
   * bytes are gone after this time. @default 600000
   */
  readonly stagedMs?: number;
  /**
   * Bytes of an object that was replaced or deleted, for those who still read them. With 0 they go at once, and a
   * reader of them gets an error. @default 60000
   */
  readonly replacedMs?: number;
}

/** How a `RedisStorageAdapter` is made. */
export interface RedisStorageOptions {
  /**
   * The server: `redis://host:6379/0`, `rediss://…` where it is encrypted, `unix:///path` for a socket. Of a cluster
   * any of its nodes, or several, which are tried in turn. Holds no user and no password.
   */
  readonly url: string | readonly string[];
  /** Names the store: two prefixes are two stores on one server. @default 'holdfast' */
  readonly prefix?: string;
  /** Asked whenever a connection is made. */
  readonly credentials?: () => Promise<RedisCredentials>;
  /** Most connections at once. @default 8 */
  readonly poolSize?: number;
  /** Largest object, at most 16 GiB. @default 536870912 */
  readonly maximumSizeBytes?: number;
  /**
   * What `check` asks of the server: `appendonly`, that it logs every write and so keeps objects when it is started
   * anew; `none`, nothing. @default 'appendonly'
   */
  readonly durability?: 'appendonly' | 'none';
  readonly keep?: RedisKeepOptions;
  readonly timeouts?: TimeoutOptions;
  readonly retry?: RetryOptions;
  /** @default the machine's own */
  readonly clock?: RequestClock;
}
