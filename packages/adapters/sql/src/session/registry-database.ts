import type { SqlSession } from './sql-session.ts';

/** A database that holds a registry, whichever dialect it speaks. */
export interface RegistryDatabase extends SqlSession, AsyncDisposable {
  /** Whether it can only be read. */
  readonly readOnly: boolean;
  /** Where the database is: it changes when the database is copied, and when the machine is started again. */
  place(): Promise<string>;
  /** What the database finds wrong with itself, where it can look. */
  checkIntegrity(): Promise<readonly string[]>;
  /** Runs work in one serializable transaction; what the work throws is passed on as it is. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
}
