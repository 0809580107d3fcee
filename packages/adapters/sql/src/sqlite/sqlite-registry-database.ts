import { type FolderMedium, SerialQueue, type SqliteFile, UnitOfWorkScope } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { Kysely } from 'kysely';
import type { SqliteLocation } from '../parse-registry-url.ts';
import { registryErrors } from '../registry-errors.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import type { SqlSession, SqlWork } from '../session/sql-session.ts';
import { UnitSession } from '../session/unit-session.ts';
import { toStorageError } from '../to-storage-error.ts';
import { openSqliteDatabase } from './open-sqlite-database.ts';
import { SqliteConnection, type SqliteConnectionOptions } from './sqlite-connection.ts';
import { SqliteDialect } from './sqlite-dialect.ts';

/** An open database, and how it was opened. */
export interface OpenedSqlite {
  readonly file: SqliteFile;
  readonly location: SqliteLocation;
  /** Whether there can be one connection only: the database is in memory, or its disk is full. */
  readonly isAlone: boolean;
  readonly medium: FolderMedium | undefined;
}

/**
 * A registry in SQLite: one connection that reads the committed state, and another, opened when first needed,
 * on which writers take turns. A database in memory has one connection for both, and so has one on a full disk.
 */
export class SqliteRegistryDatabase implements RegistryDatabase {
  readonly #opened: OpenedSqlite;
  readonly #options: SqliteConnectionOptions;
  readonly #connections: SqliteFile[];
  readonly #reader: Kysely<RegistrySchema>;
  readonly #turns = new SerialQueue();
  readonly #scope = new UnitOfWorkScope(registryErrors);
  readonly #running = new Set<Promise<unknown>>();
  #writer: Kysely<RegistrySchema> | undefined;
  #isClosed = false;

  constructor(opened: OpenedSqlite, options: SqliteConnectionOptions) {
    this.#opened = opened;
    this.#options = options;
    this.#connections = [opened.file];
    this.#reader = this.#kyselyOf(opened.file);
    if (this.readOnly || opened.isAlone) this.#writer = this.#reader;
  }

  get readOnly(): boolean {
    return this.#opened.file.access !== 'read-write';
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    if (this.#opened.isAlone) return this.#inTurn(operation, () => work(this.#reader));
    return this.#translated(operation, () => work(this.#reader));
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#inTurn(operation, async () => {
      const writer = await this.#openWriter();
      return writer.transaction().execute(work);
    });
  }

  async transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    let failure: { readonly error: unknown } | undefined;
    const run = async (transaction: Kysely<RegistrySchema>): Promise<T> => {
      const session = new UnitSession(transaction);
      try {
        return await this.#scope.run(session, () => work(session));
      } catch (error) {
        failure = { error };
        throw error;
      } finally {
        await session.end();
      }
    };
    try {
      return await this.write('unitOfWork', run);
    } catch (error) {
      throw failure === undefined ? error : failure.error;
    }
  }

  /** Refuses everything from now on, waits for what has begun, and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    for (const connection of this.#connections.splice(0)) connection[Symbol.dispose]();
  }

  async #inTurn<T>(operation: string, work: () => Promise<T>): Promise<T> {
    this.#scope.checkOutside(operation);
    const { busyTimeoutMs: timeoutMs } = this.#options;
    const refuse = (): Error => waitedError(operation);
    return this.#translated(operation, () => this.#turns.run(work, { timeoutMs, refuse }));
  }

  async #translated<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw registryErrors.closed(operation);
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw toStorageError(error, operation);
    } finally {
      this.#running.delete(running);
    }
  }

  async #openWriter(): Promise<Kysely<RegistrySchema>> {
    if (this.#writer === undefined) {
      const { location, medium } = this.#opened;
      const { file } = await openSqliteDatabase(location, 'read-write', { ...this.#options, medium });
      this.#connections.push(file);
      this.#writer = this.#kyselyOf(file);
    }
    return this.#writer;
  }

  #kyselyOf(file: SqliteFile): Kysely<RegistrySchema> {
    const connection = new SqliteConnection(file, this.#options);
    return new Kysely({
      dialect: new SqliteDialect(connection, this.readOnly ? 'begin' : 'begin immediate'),
    });
  }
}

function waitedError(operation: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.Unavailable,
    operation,
    backend: StorageBackend.Database,
    retry: 'exhausted',
    hint: 'A unit of work in this process takes long. Try again, or allow more time with busyTimeoutMs.',
  });
}
