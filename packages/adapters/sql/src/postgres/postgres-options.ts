import type { RetryOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { SlowQuery } from '../slow-query.ts';
import { parsePostgresUrl, type PostgresLocation } from './postgres-location.ts';

/** How long a PostgreSQL server is waited for, in milliseconds. */
export interface DatabaseTimeoutOptions {
  /** Until a connection stands. @default 5000 */
  readonly connectMs?: number | undefined;
  /** Until a statement is answered. @default 30000 */
  readonly statementMs?: number | undefined;
}

/** How a PostgreSQL server is used, whatever is kept there. */
export interface PostgresOptions {
  readonly url: string;
  readonly password?: (() => Promise<string>) | undefined;
  readonly schema?: string | undefined;
  readonly poolSize?: number | undefined;
  readonly timeouts?: DatabaseTimeoutOptions | undefined;
  readonly retry?: RetryOptions | undefined;
  readonly onSlowQuery?: ((query: SlowQuery) => void) | undefined;
  readonly slowQueryMs?: number | undefined;
}

/** What is used where nothing is said. */
export interface PostgresDefaults {
  readonly schema: string;
  readonly retry: Required<RetryOptions>;
  /** The least that can be worked with. */
  readonly leastPoolSize: number;
}

/** How connections are made and kept. */
export interface PostgresPoolOptions {
  readonly location: PostgresLocation;
  /** Asked for at each connection. @default the one of the location */
  readonly password: (() => Promise<string>) | undefined;
  /** The schema that names without one are looked for in. */
  readonly schema: string;
  /** Most connections at once. */
  readonly poolSize: number;
  /** Until a connection stands. */
  readonly connectMs: number;
  /** Until a statement is answered. */
  readonly statementMs: number;
  /** A connection that was not used for so long is asked whether it works, before it is used. */
  readonly prePingAfterMs: number;
  /** A connection that was not used for so long is closed. */
  readonly idleMs: number;
  readonly slowQueryMs: number;
  readonly onSlowQuery?: ((query: SlowQuery) => void) | undefined;
}

/** Complete and valid options. */
export interface ResolvedPostgresOptions {
  readonly pool: PostgresPoolOptions;
  readonly retry: Required<RetryOptions>;
}

/**
 * Fills in what was not said. Nothing of the driver is loaded.
 *
 * @throws StorageError `invalid-configuration` naming what is wrong.
 */
export function resolvePostgresOptions(
  options: PostgresOptions,
  defaults: PostgresDefaults,
): ResolvedPostgresOptions {
  const { url, schema = defaults.schema, poolSize = 10, timeouts = {}, retry = {} } = options;
  const { onSlowQuery, slowQueryMs = 1_000, password } = options;
  const { connectMs = 5_000, statementMs = 30_000 } = timeouts;
  const location = parsePostgresUrl(url);
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw refusal(
      `The schema ${JSON.stringify(schema)} has a name that cannot be used`,
      'Use at most 63 lower-case letters, digits and "_".',
    );
  }
  checkLeast({ poolSize }, defaults.leastPoolSize);
  checkLeast({ connectMs, statementMs }, 1);
  const idle = { prePingAfterMs: 1_000, idleMs: 60_000 };
  const limits = { poolSize, connectMs, statementMs, slowQueryMs };
  return {
    retry: { ...defaults.retry, ...retry },
    pool: { location, password, schema, onSlowQuery, ...limits, ...idle },
  };
}

function checkLeast(numbers: Readonly<Record<string, number>>, least: number): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value < least)
      throw refusal(`${name} is ${value}`, `It begins at ${least}.`);
  }
}

function refusal(message: string, hint: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend: StorageBackend.Database,
    message: `${message}.`,
    hint,
  });
}
