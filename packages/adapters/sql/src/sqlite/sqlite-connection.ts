import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type BusyOptions, retryWhileBusy, type SqliteFile } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { SlowQuery } from '../slow-query.ts';
import { toCommitError } from '../to-storage-error.ts';

/** Statements kept prepared for each connection. */
const cachedStatements = 200;

/** How a connection waits, and whom it tells. */
export interface SqliteConnectionOptions extends BusyOptions {
  readonly slowQueryMs: number;
  readonly onSlowQuery?: ((query: SlowQuery) => void) | undefined;
}

interface PreparedStatement {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** A connection of kysely over one open SQLite database, with a cache of prepared statements. */
export class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile;
  readonly #options: SqliteConnectionOptions;
  readonly #prepared = new Map<string, PreparedStatement>();
  #preparedFor: DatabaseSync | undefined;
  #isInTransaction = false;

  constructor(file: SqliteFile, options: SqliteConnectionOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** @throws StorageError `unavailable` when SQLite has undone the transaction after an earlier error. */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return retryWhileBusy(() => this.#timed(query.sql, () => this.#read<R>(query)), this.#options);
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async begin(sql: 'begin' | 'begin immediate'): Promise<void> {
    await retryWhileBusy(() => this.#file.database.exec(sql), this.#options);
    this.#isInTransaction = true;
  }

  /** @throws StorageError `indeterminate` when the disk failed while it was written. */
  async commit(): Promise<void> {
    try {
      await retryWhileBusy(
        () => this.#timed('commit', () => this.#file.database.exec('commit')),
        this.#options,
      );
      this.#isInTransaction = false;
    } catch (error) {
      throw toCommitError(error);
    }
  }

  /** Undoes the open transaction; does nothing where SQLite has done so already. */
  rollback(): void {
    this.#isInTransaction = false;
    if (this.#file.database.isTransaction) this.#file.database.exec('rollback');
  }

  /** A transaction cannot be read again by halves: the next statement finds it gone. */
  #read<R>(query: CompiledQuery): QueryResult<R> {
    return this.#file.read((database) => {
      if (this.#isInTransaction && !database.isTransaction) throw lostTransactionError();
      return this.#run<R>(query, database);
    });
  }

  #run<R>(query: CompiledQuery, database: DatabaseSync): QueryResult<R> {
    const { statement, returnsRows } = this.#prepare(query.sql, database);
    const parameters = query.parameters as readonly SQLInputValue[];
    if (returnsRows) {
      const rows = statement.all(...parameters) as R[];
      return { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string, database: DatabaseSync): PreparedStatement {
    if (database !== this.#preparedFor) this.#prepared.clear();
    this.#preparedFor = database;
    const known = this.#prepared.get(sql);
    if (known !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#prepared.set(sql, prepared);
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= cachedStatements) break;
      this.#prepared.delete(oldest);
    }
    return prepared;
  }

  #timed<T>(sql: string, run: () => T): T {
    const startedMs = performance.now();
    try {
      return run();
    } finally {
      const durationMs = performance.now() - startedMs;
      if (durationMs > this.#options.slowQueryMs) this.#options.onSlowQuery?.({ sql, durationMs });
    }
  }
}

/** Without this, what follows in the unit of work would be committed statement by statement. */
function lostTransactionError(): StorageError {
  return new StorageError({
    code: StorageErrorCode.Unavailable,
    operation: 'unitOfWork',
    backend: StorageBackend.Database,
    message: 'unitOfWork: the database has undone the transaction after an earlier error',
    hint: 'Let errors end the unit of work, and run it again.',
  });
}
