import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Kysely over a database whose transaction is begun and ended outside of it. */
export function kyselyOverDatabase<Schema>(database: DatabaseSync): Kysely<Schema> {
  const connection: DatabaseConnection = {
    executeQuery: <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const rows = database.prepare(sql).all(...(parameters as readonly SQLInputValue[]));
      return Promise.resolve({ rows: rows as R[] });
    },
    streamQuery: (): never => {
      throw new Error('a migration streams nothing');
    },
  };
  const refuse = (): never => {
    throw new Error('transactions are begun by the migration');
  };
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createDriver: () => ({
        init: async () => {},
        acquireConnection: async () => connection,
        beginTransaction: async () => refuse(),
        commitTransaction: async () => refuse(),
        rollbackTransaction: async () => refuse(),
        releaseConnection: async () => {},
        destroy: async () => {},
      }),
    },
  });
}
