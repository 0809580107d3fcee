import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';

/** Statements of one operation, run on a connection of the session. */
export type SqlWork<T> = (database: Kysely<RegistrySchema>) => Promise<T>;

/**
 * How repositories reach the database: on their own, or inside a unit of work.
 * Errors of the database leave it as `StorageError`.
 */
export interface SqlSession {
  /** Runs one reading statement. */
  read<T>(operation: string, work: SqlWork<T>): Promise<T>;
  /** Runs statements that take effect together: a transaction of their own, or a part of the one around them. */
  write<T>(operation: string, work: SqlWork<T>): Promise<T>;
}
