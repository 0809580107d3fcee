import { SerialQueue, UnitOfWorkScope } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import type { SqlSession, SqlWork } from '../session/sql-session.ts';
import { UnitSession } from '../session/unit-session.ts';
import { toStorageError } from '../to-storage-error.ts';
import type { SqliteConnectionOptions } from './sqlite-connection.ts';
import { type OpenedSqlite, SqliteConnections } from './sqlite-connections.ts';

/**
 * A registry in SQLite: one connection that reads the committed state, and another, opened when first needed,
 * on which writers take turns. A database in memory has one connection for both, and so has one on a full disk.
 */
export class SqliteRegistryDatabase implements RegistryDatabase {
  readonly #connections: SqliteConnections<RegistrySchema>;
  readonly #options: SqliteConnectionOptions;
  readonly #turns = new SerialQueue();
  readonly #scope = new UnitOfWorkScope(registryErrors);
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(opened: OpenedSqlite, options: SqliteConnectionOptions) {
    this.#connections = new SqliteConnections(opened, options);
    this.#options = options;
  }

  get readOnly(): boolean {
    return this.#connections.readOnly;
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    const { isAlone, reader } = this.#connections;
    if (isAlone) return this.#inTurn(operation, () => work(reader));
    return this.#translated(operation, () => work(reader));
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#inTurn(operation, async () => {
      const writer = await this.#connections.writer();
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
    this.#connections[Symbol.dispose]();
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
