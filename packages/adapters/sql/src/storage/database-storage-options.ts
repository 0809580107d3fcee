import type { FolderMedium, RetryOptions } from '@holdfast/adapter-kit';
import type { LocalAccess } from '@holdfast/files';
import type { DatabaseTimeoutOptions } from '../postgres/postgres-options.ts';
import type { SlowQuery } from '../slow-query.ts';

/** How a `DatabaseStorageAdapter` is made. */
export interface DatabaseStorageOptions {
  /** `sqlite:/path/objects.db`, or `postgres://user@host:5432/database` with `?sslmode=` and `sslrootcert=`. */
  readonly url: string;
  /** Whether a missing file or schema is made when it is first needed; else it is `not-found`. @default true */
  readonly createIfMissing?: boolean | undefined;
  /** Told of every statement that took longer than `slowQueryMs`. */
  readonly onSlowQuery?: (query: SlowQuery) => void;
  /** @default 1000 */
  readonly slowQueryMs?: number | undefined;
  /** SQLite: how long a write waits for others that write. @default 30000 */
  readonly busyTimeoutMs?: number | undefined;
  /** SQLite: what the file lies on. @default what `statfs` tells on Linux, else `local` */
  readonly medium?: FolderMedium | undefined;
  /** SQLite: which users of the machine may use what is made. @default 'owner' */
  readonly access?: LocalAccess | undefined;
  /** PostgreSQL: asked for at each connection. @default the one of the URL */
  readonly password?: () => Promise<string>;
  /** PostgreSQL: the schema that holds the tables. Two schemas are two stores. @default 'holdfast_objects' */
  readonly schema?: string | undefined;
  /** PostgreSQL: most connections at once, beside one that keeps what is in use from being deleted. @default 10 */
  readonly poolSize?: number | undefined;
  readonly timeouts?: DatabaseTimeoutOptions | undefined;
  /** PostgreSQL: how patiently is tried again what failed for now. */
  readonly retry?: RetryOptions | undefined;
}
