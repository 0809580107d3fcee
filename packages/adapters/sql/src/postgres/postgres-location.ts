import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/** Where a PostgreSQL database is, and who signs in. */
export interface PostgresLocation {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  /** From the URL. Treat it as a secret. */
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: false | ConnectionOptions;
}

const modes = ['disable', 'require', 'verify-ca', 'verify-full'];
const known = new Set(['host', 'port', 'sslmode', 'sslrootcert']);

/** Whether a URL is one of PostgreSQL. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(?:ql)?:/i.test(url);
}

/**
 * Reads `postgres://user@host:port/database`, with `?sslmode=` (`disable`, the default, `require`, `verify-ca` or
 * `verify-full`), `sslrootcert=` (a file), and `host=` for the folder of a Unix socket, as libpq does
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
 *
 * @throws StorageError `invalid-configuration`, which does not repeat the URL, since it may hold a password.
 */
export function parsePostgresUrl(text: string): PostgresLocation {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isPostgresUrl(text)) throw refusal('The URL of the database cannot be read');
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw refusal(`The URL of the database has the field ${JSON.stringify(unknown)}, which is not known`);
  const port = Number(url.searchParams.get('port') ?? (url.port === '' ? '5432' : url.port));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw refusal('The URL of the database has a port that is none');
  const database = decodeURIComponent(url.pathname.replace(/^\//, ''));
  if (database === '') throw refusal('The URL of the database names no database');
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  return {
    host: host === '' ? 'localhost' : host,
    port,
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database,
    ssl: tlsOptions(url.searchParams.get('sslmode') ?? 'disable', url.searchParams.get('sslrootcert')),
  };
}

function tlsOptions(mode: string, authority: string | null): false | ConnectionOptions {
  if (!modes.includes(mode)) {
    throw refusal(`sslmode is ${JSON.stringify(mode)}`, `Use one of ${modes.join(', ')}.`);
  }
  if (mode === 'disable') return false;
  const ca = authority === null ? {} : { ca: readAuthority(authority) };
  if (mode === 'require') return { ...ca, rejectUnauthorized: authority !== null, ...anyName };
  return { ...ca, rejectUnauthorized: true, ...(mode === 'verify-ca' ? anyName : {}) };
}

const anyName = { checkServerIdentity: () => undefined };

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refusal(
      `the certificate of the authority in ${JSON.stringify(path)} cannot be read`,
      'Check sslrootcert.',
      error,
    );
  }
}

function refusal(
  message: string,
  hint = 'A database in PostgreSQL is postgres://user@host:5432/database.',
  cause?: unknown,
): StorageError {
  return new StorageError({
    code: StorageErrorCode.InvalidConfiguration,
    operation: 'open',
    backend: StorageBackend.Database,
    message: `${message}.`,
    hint,
    cause,
  });
}
