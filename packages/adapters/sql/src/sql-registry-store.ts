import { randomUUID } from 'node:crypto';
import type { FolderMedium } from '@holdfast/adapter-kit';
import type { RegistryStore, Repositories } from '@holdfast/domain';
import { parseRegistryUrl } from './parse-registry-url.ts';
import { createSqlRepositories } from './repositories/create-sql-repositories.ts';
import { registryHistory } from './schema/registry-history.ts';
import type { RegistryDatabase } from './session/registry-database.ts';
import type { SlowQuery } from './slow-query.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import { SqliteRegistryDatabase } from './sqlite/sqlite-registry-database.ts';
import { toStorageError } from './to-storage-error.ts';

/** Which registry to open, and how. */
export interface OpenSqlRegistryOptions {
  /** `sqlite:/path/registry.db`, `sqlite:relative/registry.db` or `sqlite::memory:`. */
  readonly url: string;
  /** Refuse to write, create or migrate. @default false, and true where the file or its folder cannot be written to */
  readonly readOnly?: boolean;
  /** Make the folder of the file if it is missing. @default false */
  readonly createFolder?: boolean;
  /** How long a writer waits for others before it gives up as `unavailable`. @default 10_000 */
  readonly busyTimeoutMs?: number;
  /**
   * What the file lies on. In a network folder it gets a rollback journal and belongs to one host, the first.
   * @default what `statfs` tells on Linux, else `local`
   */
  readonly medium?: FolderMedium;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Makes the id of a new registry. @default randomUUID of node:crypto */
  readonly newId?: () => string;
  /** Told of every statement that took longer than `slowQueryMs`. */
  readonly onSlowQuery?: (query: SlowQuery) => void;
  /** @default 1_000 */
  readonly slowQueryMs?: number;
  /** Ends waiting for a locked database while it is opened. */
  readonly signal?: AbortSignal;
}

/**
 * The records of a registry in an SQL database: SQLite, through `node:sqlite`.
 *
 * Every commit is synced to disk. Several processes can share one file: writers wait for each other,
 * without stopping the event loop; readers never wait.
 *
 * Failures of the database are thrown as `StorageError` with backend `database`. Beside those that the
 * protocols name: `unavailable` when others hold the database for longer than `busyTimeoutMs` or the store
 * was closed, `permission-denied` for a write where only reading is possible, `quota-exceeded` when the disk
 * is full, `corrupt` when the file is damaged, `indeterminate` when the disk fails during a commit, and
 * `invalid-argument` for a page size below 1, a foreign `after`, or outer repositories used inside a unit of work.
 */
export class SqlRegistryStore implements RegistryStore {
  readonly repositories: Repositories;
  readonly #database: RegistryDatabase;

  private constructor(database: RegistryDatabase) {
    this.#database = database;
    this.repositories = createSqlRepositories(database);
  }

  /**
   * Opens a registry. A new one is made, an older one is migrated first, and copied beside itself before that.
   *
   * @throws StorageError `not-found` when the folder, or with `readOnly` the file, is missing;
   *   `permission-denied` when it may not be read; `locked` when it lies in a network folder and belongs to another host; `corrupt` when it is no SQLite database;
   *   `invalid-configuration` when the URL is malformed, the file holds something else than a registry,
   *   the database is newer than this program, or is older and can only be read; `unavailable` when it is locked.
   */
  static async open(options: OpenSqlRegistryOptions): Promise<SqlRegistryStore> {
    const { url, readOnly = false, createFolder = false, now = Date.now, newId = randomUUID } = options;
    const { busyTimeoutMs = 10_000, slowQueryMs = 1_000, onSlowQuery, signal, medium } = options;
    try {
      const opened = await openSqlite(parseRegistryUrl(url), {
        readOnly,
        createFolder,
        now,
        newId,
        busyTimeoutMs,
        signal,
        medium,
        history: registryHistory,
      });
      return new SqlRegistryStore(
        new SqliteRegistryDatabase(opened, { busyTimeoutMs, slowQueryMs, onSlowQuery }),
      );
    } catch (error) {
      throw toStorageError(error, 'open');
    }
  }

  /** Whether the registry can only be read. */
  get readOnly(): boolean {
    return this.#database.readOnly;
  }

  unitOfWork<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#database.transaction((session) => work(createSqlRepositories(session)));
  }

  async registryId(): Promise<string> {
    const row = await this.#database.read('registryId', (database) =>
      database.selectFrom('meta').select('value').where('key', '=', 'registry_id').executeTakeFirstOrThrow(),
    );
    return row.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]();
  }
}
