import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import { type LocalAccessConfiguration, localAccess } from '../local-access.ts';
import {
  type PostgresFields,
  postgresFieldNames,
  postgresFields,
  postgresUrlPattern,
  whyNotPostgresUrl,
} from '../postgres-fields.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store in an SQL database: an SQLite file, or a schema of a PostgreSQL database. */
export interface DatabaseStoreConfiguration extends PostgresFields {
  readonly backend: 'database';
  /** `sqlite:PATH`, or `postgres://USER@HOST:PORT/DATABASE` without a password. */
  readonly url: string;
  /** Whether a missing file or schema is made when it is first needed. */
  readonly createIfMissing: boolean;
  /** SQLite: how long a write waits for others that write. */
  readonly busyTimeoutMs?: number | undefined;
  /** SQLite: what the file lies on. */
  readonly medium?: 'local' | 'network' | undefined;
  /** SQLite: which users of this machine may use what is made. */
  readonly access?: LocalAccessConfiguration | undefined;
}

const longestMs = 3_600_000;
const databaseUrl = new RegExp(`^(?:sqlite:(?!\\/\\/[^/])(?!:memory:$).+|${postgresUrlPattern})$`);

/** The schema of such a store. */
export const databaseStore: StoreSchema<DatabaseStoreConfiguration> = z
  .strictObject({
    backend: z.literal(StorageBackend.Database).describe('An SQL database.'),
    url: z
      .string()
      .regex(databaseUrl, {
        error: ({ input }) => whyNotUrl(String(input)),
      })
      .describe(
        'sqlite:PATH, or postgres://USER@HOST:PORT/DATABASE with ?sslmode= and sslrootcert=, without a password. A relative path begins in the folder of the configuration file.',
      ),
    createIfMissing: z
      .boolean()
      .default(true)
      .describe('Whether a missing file or schema is made when it is first needed; else it is an error.'),
    busyTimeoutMs: z
      .int()
      .min(0)
      .max(longestMs)
      .optional()
      .describe(
        'SQLite: how long a write waits for others that write, in milliseconds; 30000 when not given.',
      ),
    medium: z
      .enum(['local', 'network'])
      .optional()
      .describe('SQLite: what the file is on; detected on Linux if not given.'),
    access: localAccess(' Only with SQLite.'),
    ...postgresFields({ schema: 'holdfast_objects', what: 'stores', leastPoolSize: 1 }),
  })
  .describe('A store in an SQL database.');

const ofSqlite = ['busyTimeoutMs', 'medium', 'access'] as const;

/** What is wrong between the fields of such a store, or with a database that two stores share. */
export function databaseStoreIssues(
  name: string,
  store: DatabaseStoreConfiguration,
  stores: Readonly<Record<string, { readonly backend: string }>>,
): readonly ConfigurationIssue[] {
  const isSqlite = store.url.startsWith('sqlite:');
  const misplaced: readonly (keyof DatabaseStoreConfiguration)[] = isSqlite ? postgresFieldNames : ofSqlite;
  const issues = misplaced
    .filter((field) => store[field] !== undefined)
    .map((field) => ({
      path: `stores.${name}.${field}`,
      message: `is a field of ${isSqlite ? 'PostgreSQL' : 'SQLite'}, and the URL names ${isSqlite ? 'SQLite' : 'PostgreSQL'}`,
    }));
  const earlier = Object.entries(stores).slice(0, Object.keys(stores).indexOf(name));
  const same = earlier.find(([, other]) => isDatabase(other) && placeOf(other) === placeOf(store));
  if (same === undefined) return issues;
  const message = `is also the database of the store ${same[0]}; a store needs a file or a schema of its own`;
  return [...issues, { path: `stores.${name}.url`, message }];
}

function isDatabase(store: { readonly backend: string }): store is DatabaseStoreConfiguration {
  return store.backend === StorageBackend.Database;
}

function placeOf({ url, schema = 'holdfast_objects' }: DatabaseStoreConfiguration): string {
  return url.startsWith('sqlite:') ? url.replace(/^sqlite:\/\/(?=\/)/, 'sqlite:') : `${url} ${schema}`;
}

function whyNotUrl(url: string): string {
  if (url === 'sqlite::memory:') return 'would be gone with each use: take the backend memory';
  if (/^sqlite:\/\/[^/]/.test(url)) return 'has two slashes before its path';
  return whyNotPostgresUrl(url) ?? 'is not the URL of a database';
}
