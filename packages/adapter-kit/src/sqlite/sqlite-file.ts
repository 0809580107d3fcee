import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type SqliteAccess, chooseSqliteAccess, sqliteCompanions } from './choose-sqlite-access.ts';
import { busyError } from './sqlite-result-code.ts';

export interface SqliteFileOptions {
  readonly access: SqliteAccess;
  /** Statements that every connection begins with. */
  readonly settings: string;
  /** Called when the database was closed. */
  readonly onClosed?: (() => void) | undefined;
}

/** How often a reading begins anew at once, when somebody writes meanwhile. */
const mostReadings = 3;

/**
 * An open database: a connection that never waits inside SQLite, which would stop the event loop.
 *
 * One that is read without locks is watched: when somebody wrote to it, what was read is thrown away, the file is
 * opened anew, with locks and log if the writer is still there, and read again. So nobody is told a state that never was.
 */
export class SqliteFile implements Disposable {
  readonly #path: string | undefined;
  readonly #settings: string;
  readonly #onClosed: () => void;
  #database: DatabaseSync;
  #access: SqliteAccess;
  #stamp = '';
  #isReading = false;

  /** @param path `undefined` is a database in memory. */
  constructor(path: string | undefined, options: SqliteFileOptions) {
    this.#path = path;
    this.#settings = options.settings;
    this.#onClosed = options.onClosed ?? (() => undefined);
    this.#access = options.access;
    this.#database = this.#open();
  }

  /** The connection, until the next {@link SqliteFile.read}. */
  get database(): DatabaseSync {
    return this.#database;
  }

  get access(): SqliteAccess {
    return this.#access;
  }

  /**
   * Runs a reading on the connection. It is run again, on a new one, when somebody wrote to a file that is read
   * without locks; a reading inside of another one belongs to it.
   *
   * @throws an error of SQLITE_BUSY when others write faster than this can read.
   */
  read<T>(reading: (database: DatabaseSync) => T): T {
    if (this.#access !== 'immutable' || this.#isReading) return reading(this.#database);
    this.#isReading = true;
    try {
      for (let count = 0; count < mostReadings; count++) {
        const outcome = attempt(() => reading(this.#database));
        if (stampOf(this.#path) === this.#stamp) return outcome();
        this.#reopen();
      }
    } finally {
      this.#isReading = false;
    }
    throw busyError('another process is writing to a database that is read without locks');
  }

  [Symbol.dispose](): void {
    if (!this.#database.isOpen) return;
    this.#database.close();
    this.#onClosed();
  }

  #reopen(): void {
    this[Symbol.dispose]();
    this.#database = this.#open();
  }

  #open(): DatabaseSync {
    if (this.#path !== undefined && this.#access !== 'read-write') {
      // The stamp comes first: whoever begins to write after it is seen by the choice or by the next stamp.
      this.#stamp = stampOf(this.#path);
      this.#access = chooseSqliteAccess(this.#path, { readOnly: true });
    }
    const readOnly = this.#access !== 'read-write';
    const database = new DatabaseSync(this.#name(), { readOnly, timeout: 0 });
    try {
      database.exec(this.#settings);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #name(): string | URL {
    if (this.#path === undefined) return ':memory:';
    if (this.#access !== 'immutable') return this.#path;
    return new URL(`${pathToFileURL(this.#path).href}?immutable=1`);
  }
}

/** What changes whenever somebody writes. */
function stampOf(path: string | undefined): string {
  if (path === undefined) return '';
  return ['', ...sqliteCompanions]
    .map((suffix) => {
      const found = statSync(path + suffix, { bigint: true, throwIfNoEntry: false });
      return found === undefined ? '-' : `${found.ino}.${found.size}.${found.mtimeNs}`;
    })
    .join(' ');
}

function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
