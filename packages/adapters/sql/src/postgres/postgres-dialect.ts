import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
} from 'kysely';

/** Kysely over one connection, whose transactions are begun and ended outside of it. */
export function kyselyOver<Schema>(connection: DatabaseConnection): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new PostgresDialect(connection) });
}

class PostgresDialect implements Dialect {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  createDriver(): Driver {
    const connection = this.#connection;
    const refuse = (): never => {
      throw new Error('transactions are begun by the database');
    };
    return {
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: async () => refuse(),
      commitTransaction: async () => refuse(),
      rollbackTransaction: async () => refuse(),
      releaseConnection: async () => {},
      destroy: async () => {},
    };
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(database);
  }
}
