import {
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteConnection } from './sqlite-connection.ts';

/** How a transaction begins: taking the write lock at once, or only reading. */
export type SqliteBegin = 'begin immediate' | 'begin';

/** Kysely over one connection of `node:sqlite`. Whoever uses it keeps transactions from overlapping. */
export class SqliteDialect implements Dialect {
  readonly #connection: SqliteConnection;
  readonly #begin: SqliteBegin;

  constructor(connection: SqliteConnection, begin: SqliteBegin) {
    this.#connection = connection;
    this.#begin = begin;
  }

  createDriver(): Driver {
    const connection = this.#connection;
    return {
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: () => connection.begin(this.#begin),
      commitTransaction: () => connection.commit(),
      rollbackTransaction: async () => connection.rollback(),
      releaseConnection: async () => {},
      destroy: async () => {},
    };
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}
