export { SqlRegistryStore, type OpenSqlRegistryOptions } from './sql-registry-store.ts';
export { migrateSqlRegistry, type MigrateSqlRegistryOptions } from './migrate-sql-registry.ts';
export type { MigrationReport } from './migration-report.ts';
export type { SlowQuery } from './slow-query.ts';
export { DatabaseStorageAdapter } from './storage/database-storage-adapter.ts';
export type { DatabaseStorageOptions } from './storage/database-storage-options.ts';
export type { DatabaseTimeoutOptions } from './postgres/postgres-options.ts';
