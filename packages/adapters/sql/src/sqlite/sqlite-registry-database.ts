import { sql } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import { RegistryTurns } from '../session/registry-turns.ts';
import type { SqlSession, SqlWork } from '../session/sql-session.ts';
import { UnitSession } from '../session/unit-session.ts';
import { toStorageError } from '../to-storage-error.ts';
import { namingFullDisk } from './naming-full-disk.ts';
import { placeOfSqlite } from './place-of-sqlite.ts';
import type { SqliteConnectionOptions } from './sqlite-connection.ts';
import { type OpenedSqlite, SqliteConnections } from './sqlite-connections.ts';

/**
 * A registry in SQLite: one connection that reads the committed state, and another, opened when first needed,
 * on which writers take turns. A database in memory has one connection for both, and so has one on a full disk.
 */
export class SqliteRegistryDatabase implements RegistryDatabase {
  readonly #connections: SqliteConnections<RegistrySchema>;
  readonly #turns: RegistryTurns;

  constructor(opened: OpenedSqlite, options: SqliteConnectionOptions) {
    this.#connections = new SqliteConnections(opened, options);
    this.#turns = new RegistryTurns({
      busyTimeoutMs: options.busyTimeoutMs,
      translate: (error, operation) => namingFullDisk(toStorageError(error, operation), opened.location),
    });
  }

  get readOnly(): boolean {
    return this.#connections.readOnly;
  }

  async place(): Promise<string> {
    try {
      return await placeOfSqlite(this.#connections.location);
    } catch (error) {
      throw toStorageError(error, 'place');
    }
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    const { isAlone, reader } = this.#connections;
    return isAlone
      ? this.#turns.inTurn(operation, () => work(reader))
      : this.#turns.beside(operation, () => work(reader));
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#turns.inTurn(operation, async () => {
      const writer = await this.#connections.writer();
      return writer.transaction().execute(work);
    });
  }

  /** https://www.sqlite.org/pragma.html#pragma_integrity_check */
  async checkIntegrity(): Promise<readonly string[]> {
    const { rows } = await this.read('checkIntegrity', (database) =>
      sql<{ integrity_check: string }>`pragma integrity_check(20)`.execute(database),
    );
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#turns.unit(work, (run) =>
      this.write('unitOfWork', (transaction) =>
        run(new UnitSession(transaction, { translate: toStorageError })),
      ),
    );
  }

  /** Refuses everything from now on, waits for what has begun, and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.close();
    this.#connections[Symbol.dispose]();
  }
}
