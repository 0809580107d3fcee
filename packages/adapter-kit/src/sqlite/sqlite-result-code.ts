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
  Protocol: 15,
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

/** An error that counts as SQLITE_BUSY, for what is waited for like a lock of SQLite's. */
export function busyError(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode: SqliteResultCode.Busy });
}

/**
 * SQLITE_IOERR_UNLOCK, RDLOCK, CHECKRESERVEDLOCK, LOCK, SHMOPEN, SHMLOCK and SHMMAP: the file system has no working
 * locks, or no memory that processes share.
 */
const lockFailures: ReadonlySet<number> = new Set([2_058, 2_314, 3_594, 3_850, 4_618, 5_130, 5_386]);
/** SQLITE_IOERR_SHMSIZE: the file of the shared memory could not be given its room. */
const sharedMemoryFull = 4_874;

/** What SQLite could not do, where its primary code says no more than that input or output failed. */
export type DiskFailure = 'locks' | 'full' | 'disk';

/** Tells failing locks and a full disk from a failing one. */
export function diskFailureOf({ primary, extended }: SqliteResult): DiskFailure | undefined {
  if (primary === SqliteResultCode.Protocol || lockFailures.has(extended)) return 'locks';
  if (primary === SqliteResultCode.Full || extended === sharedMemoryFull) return 'full';
  return primary === SqliteResultCode.InputOutput ? 'disk' : undefined;
}
