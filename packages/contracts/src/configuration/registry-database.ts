import { z } from 'zod';
import { busyTimeoutMs } from './busy-timeout.ts';
import type { ConfigurationIssue } from './configuration-issue.ts';
import type { DatabaseConfiguration } from './configuration.ts';
import { type LocalAccessConfiguration, localAccess } from './local-access.ts';
import {
  type PostgresFieldSchemas,
  postgresFieldNames,
  postgresFields,
  postgresUrlPattern,
  whyNotPostgresUrl,
} from './postgres-fields.ts';

/** What can be the URL of the registry's database, in a few words each. */
export const registryUrls: readonly string[] = [
  'sqlite:PATH',
  'sqlite::memory:',
  'memory:',
  'postgres://USER@HOST/DATABASE',
];

type RegistryDatabaseSchema = z.ZodObject<
  {
    readonly url: z.ZodType<string>;
    readonly busyTimeoutMs: z.ZodType<number>;
    readonly access: z.ZodType<LocalAccessConfiguration | undefined>;
  } & PostgresFieldSchemas
>;

/** The schema of the registry's database. */
export const registryDatabase: RegistryDatabaseSchema = z.strictObject({
  url: z
    .string()
    .regex(new RegExp(`^(?:memory:|sqlite:(?!\\/\\/[^/]).+|${postgresUrlPattern})$`), {
      error: ({ input }) => whyNotUrl(String(input)),
    })
    .describe(
      "The registry's database: sqlite:PATH, sqlite::memory:, memory:, or postgres://USER@HOST:PORT/DATABASE with ?sslmode= and sslrootcert=, without a password. A relative path begins in the folder of the configuration file.",
    ),
  busyTimeoutMs: busyTimeoutMs(10_000),
  access: localAccess(' Only with SQLite.'),
  ...postgresFields({ schema: 'holdfast_registry', what: 'registries', leastPoolSize: 2 }),
});

/** What is wrong between the fields of the registry's database. */
export function registryDatabaseIssues(database: DatabaseConfiguration): readonly ConfigurationIssue[] {
  if (database.url.startsWith('postgres')) {
    const message = 'is a field of SQLite, and the URL names PostgreSQL';
    return database.access === undefined ? [] : [{ path: 'database.access', message }];
  }
  return postgresFieldNames
    .filter((field) => database[field] !== undefined)
    .map((field) => ({
      path: `database.${field}`,
      message: 'is a field of PostgreSQL, and the URL names another database',
    }));
}

function whyNotUrl(url: string): string {
  if (/^sqlite:\/\/[^/]/.test(url)) return 'has two slashes before its path';
  return whyNotPostgresUrl(url) ?? 'is not the URL of a database';
}
