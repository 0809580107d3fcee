export { SqlRegistryStore, type OpenSqlRegistryOptions } from './sql-registry-store.ts';
export { migrateSqlRegistry, type MigrateSqlRegistryOptions } from './migrate-sql-registry.ts';
export type { MigrationReport } from './sqlite/migrate-sqlite.ts';
export type { SlowQuery } from './sqlite/sqlite-connection.ts';
