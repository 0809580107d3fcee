/** The primary result codes of SQLite that mean something to adapters (https://sqlite.org/rescode.html). */
export const SqliteResultCode = {
  Error: 1,
  Permission: 3,
  Busy: 5,
  Locked: 6,
  ReadOnly: 8,
  InputOutput: 10,
  Corrupt: 11,
  Full: 13,
  CannotOpen: 14,
  NotADatabase: 26,
} as const;

/** What SQLite answered to a call that failed. */
export interface SqliteResult {
  /** The kind of failure, often one of {@link SqliteResultCode}. */
  readonly primary: number;
  /** The same with detail in its higher bits; equal to `primary` where SQLite gave none. */
  readonly extended: number;
}

/** Reads the result code of an error that `node:sqlite` threw; `undefined` for any other value. */
export function sqliteResultOf(error: unknown): SqliteResult | undefined {
  const extended = (error as { readonly errcode?: unknown } | null | undefined)?.errcode;
  return typeof extended === 'number' ? { primary: extended & 0xff, extended } : undefined;
}
