import type { RetryOptions } from '@holdfast/adapter-kit';
import {
  type DatabaseTimeoutOptions,
  type PostgresOptions,
  type ResolvedPostgresOptions,
  resolvePostgresOptions,
} from './postgres-options.ts';

/** How a registry in PostgreSQL is reached; nothing of it concerns SQLite. */
export interface PostgresRegistryConnectOptions {
  /** PostgreSQL: asked for at each connection. @default the one of the URL */
  readonly password?: () => Promise<string>;
  /** PostgreSQL: the schema that holds the tables. Two schemas are two registries. @default 'holdfast_registry' */
  readonly schema?: string | undefined;
  /** PostgreSQL: most connections at once, 2 or more: one is for writing, the others for reading. @default 10 */
  readonly poolSize?: number | undefined;
  readonly timeouts?: DatabaseTimeoutOptions | undefined;
  /** PostgreSQL: how patiently is tried again what failed for now. @default 10 tries within 30 s, at most 5 s apart */
  readonly retry?: RetryOptions | undefined;
}

/** The schema of a registry that names none. */
export const registrySchemaName = 'holdfast_registry';

/** @throws StorageError `invalid-configuration` naming what is wrong. */
export function resolvePostgresRegistry(options: PostgresOptions): ResolvedPostgresOptions {
  return resolvePostgresOptions(options, {
    schema: registrySchemaName,
    retry: { attempts: 10, totalMs: 30_000, baseDelayMs: 100, maximumDelayMs: 5_000 },
    leastPoolSize: 2,
  });
}
