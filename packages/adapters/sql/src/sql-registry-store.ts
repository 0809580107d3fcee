import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { FolderMedium, ReserveUse } from '@holdfast/adapter-kit';
import { type DamagedRecord, type RegistryStore, type Repositories, StorageBackend } from '@holdfast/domain';
import type { LocalAccess } from '@holdfast/files';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { parseRegistryUrl } from './parse-registry-url.ts';
import { isPostgresUrl } from './postgres/postgres-location.ts';
import {
  type PostgresRegistryConnectOptions,
  registrySchemaName,
  resolvePostgresRegistry,
} from './postgres/resolve-postgres-registry.ts';
import { checkRecords } from './repositories/check-records.ts';
import { createSqlRepositories } from './repositories/create-sql-repositories.ts';
import { type Migration, migrations } from './schema/migrations.ts';
import { registryHistory } from './schema/registry-history.ts';
import type { RegistryDatabase } from './session/registry-database.ts';
import type { SlowQuery } from './slow-query.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import { SqliteRegistryDatabase } from './sqlite/sqlite-registry-database.ts';
import { isAbsence, toStorageError } from './to-storage-error.ts';

/** Which registry to open, and how. */
export interface OpenSqlRegistryOptions extends PostgresRegistryConnectOptions {
  /**
   * `sqlite:/path/registry.db`, `sqlite:relative/registry.db` or `sqlite::memory:`; or
   * `postgres://user@host:5432/database` with `?sslmode=` and `sslrootcert=`.
   */
  readonly url: string;
  /**
   * Refuse to write, create or migrate.
   *
   * @default false, and true where the file or its folder cannot be written to, the server is a standby, or its user
   *   may not write to the tables
   */
  readonly readOnly?: boolean | undefined;
  /** SQLite: make the folder of the file if it is missing. @default false */
  readonly createFolder?: boolean | undefined;
  /** SQLite: which users of the machine may use what is made. @default 'owner' */
  readonly access?: LocalAccess | undefined;
  /** SQLite: what is done with room that is kept on the disk so that a full one can be emptied. @default nothing */
  readonly reserve?: ReserveUse | undefined;
  /** How long a writer waits for others before it gives up as `unavailable`. @default 10_000 */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * SQLite: what the file lies on. In a network folder it gets a rollback journal and belongs to one host, the first.
   * @default what `statfs` tells on Linux, else `local`
   */
  readonly medium?: FolderMedium | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Makes the id of a new registry. @default randomUUID of node:crypto */
  readonly newId?: () => string;
  /** Told of every statement that took longer than `slowQueryMs`. */
  readonly onSlowQuery?: (query: SlowQuery) => void;
  /** @default 1_000 */
  readonly slowQueryMs?: number | undefined;
  /** Other steps than this program's, for tests. @internal */
  readonly migrations?: readonly Migration[] | undefined;
  /** Ends waiting for a locked database, or for a server, while it is opened. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The records of a registry in an SQL database: SQLite, through `node:sqlite`, or PostgreSQL, through `pg`.
 *
 * On SQLite every commit is synced to disk; on PostgreSQL it is as durable as the server makes it. Several processes,
 * and on PostgreSQL several machines, can share one: writers wait for each other, without stopping the event loop;
 * readers never wait.
 *
 * Failures of the database are thrown as `StorageError` with backend `database`. Beside those that the
 * protocols name: `unavailable` when others hold the database for longer than `busyTimeoutMs`, the server is out of
 * reach or the store was closed, `timeout` when the server takes too long, `permission-denied` for a write where only
 * reading is possible, `quota-exceeded` when the disk is full, `corrupt` when the file is damaged, `indeterminate` when
 * the disk fails during a commit or the server does not come back to tell what became of it, and
 * `invalid-argument` for a page size below 1, a foreign `after`, or outer repositories used inside a unit of work.
 *
 * A unit of work runs once. When its connection is lost it is undone and ends as `unavailable`; single calls are
 * tried again by themselves.
 */
export class SqlRegistryStore implements RegistryStore {
  readonly repositories: Repositories;
  readonly #database: RegistryDatabase;

  private constructor(database: RegistryDatabase) {
    this.#database = database;
    this.repositories = createSqlRepositories(database);
  }

  /**
   * Opens a registry. A new one is made, an older one is migrated first; a file is copied beside itself before that.
   *
   * @throws StorageError `not-found` when the folder, or with `readOnly` the file, is missing, or the server has no
   *   such database; `permission-denied` when it may not be read; `unauthenticated` when the server refuses the user;
   *   `locked` when it lies in a network folder and belongs to another host; `corrupt` when it is no SQLite database;
   *   `invalid-configuration` when the URL is malformed, the file or schema holds something else than a registry,
   *   the database is newer than this program, or is older and can only be read; `unavailable` when it is locked, or
   *   the server is out of reach.
   */
  static async open(options: OpenSqlRegistryOptions): Promise<SqlRegistryStore> {
    const database = isPostgresUrl(options.url)
      ? await openOnServer(options, true)
      : await openFile(options, options.createFolder === true);
    if (database === undefined) throw missingRegistry(options);
    return new SqlRegistryStore(database);
  }

  /**
   * Opens a registry that is there, as {@link open} does, and makes none; `undefined` when there is none.
   *
   * @throws StorageError as {@link open} does.
   */
  static async openExisting(options: OpenSqlRegistryOptions): Promise<SqlRegistryStore | undefined> {
    const database = isPostgresUrl(options.url)
      ? await openOnServer(options, false)
      : await openExistingFile(options);
    return database === undefined ? undefined : new SqlRegistryStore(database);
  }

  /** Whether the registry can only be read. */
  get readOnly(): boolean {
    return this.#database.readOnly;
  }

  unitOfWork<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#database.transaction((session) => work(createSqlRepositories(session)));
  }

  checkRecords(): AsyncIterable<readonly DamagedRecord[]> {
    return checkRecords(this.#database);
  }

  async registryId(): Promise<string> {
    const row = await this.#database.read('registryId', (database) =>
      database.selectFrom('meta').select('value').where('key', '=', 'registry_id').executeTakeFirstOrThrow(),
    );
    return row.value;
  }

  place(): Promise<string> {
    return this.#database.place();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }
}

async function openFile(options: OpenSqlRegistryOptions, createFolder: boolean): Promise<RegistryDatabase> {
  const { url, readOnly = false, now = Date.now, newId = randomUUID } = options;
  const {
    busyTimeoutMs = 10_000,
    slowQueryMs = 1_000,
    onSlowQuery,
    signal,
    medium,
    access,
    reserve,
  } = options;
  const settings = { readOnly, createFolder, now, newId, busyTimeoutMs, signal, medium, access, reserve };
  try {
    const opened = await openSqlite(parseRegistryUrl(url), {
      ...settings,
      history: { ...registryHistory, migrations: options.migrations ?? migrations },
    });
    return new SqliteRegistryDatabase(opened, { busyTimeoutMs, slowQueryMs, onSlowQuery });
  } catch (error) {
    throw toStorageError(error, 'open');
  }
}

async function openExistingFile(options: OpenSqlRegistryOptions): Promise<RegistryDatabase | undefined> {
  const location = parseRegistryUrl(options.url);
  if (location.kind === 'file') {
    try {
      await stat(location.path);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw toStorageError(error, 'open');
    }
  }
  return openFile(options, false);
}

async function openOnServer(
  options: OpenSqlRegistryOptions,
  createIfMissing: boolean,
): Promise<RegistryDatabase | undefined> {
  const { readOnly = false, busyTimeoutMs = 10_000, now = Date.now, newId = randomUUID, signal } = options;
  const resolved = resolvePostgresRegistry(options);
  const { openPostgresRegistry } = await import('./postgres/open-postgres-registry.ts');
  const settings = { readOnly, createIfMissing, busyTimeoutMs, now, newId, signal };
  return openPostgresRegistry({
    ...resolved,
    ...settings,
    migrations: options.migrations ?? migrations,
  });
}

function missingRegistry({ schema }: OpenSqlRegistryOptions): StorageError {
  return new StorageError({
    code: StorageErrorCode.NotFound,
    operation: 'open',
    backend: StorageBackend.Database,
    message: `There is no registry in the schema ${schema ?? registrySchemaName}.`,
    hint: 'Check the URL and the schema, or open it once for writing: that makes it.',
  });
}
