/** A lock that is held. Disposing it lets the next one have it; doing so twice is no error. */
export interface Lock extends AsyncDisposable {
  readonly name: string;
  /**
   * Raised when the lock was lost while it was held, as a lock with a lease can be. A holder must stop writing then. Locks
   * that the system keeps are never lost, and never raise it.
   */
  readonly lost: AbortSignal;
}

/** Settings of {@link LockManager.acquire}. */
export interface AcquireOptions {
  /** How long to wait while another holder has the lock, in milliseconds; 0 fails at once. @default Infinity */
  readonly waitMs?: number | undefined;
  /** Gives up waiting. A lock that is held stays held. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Locks by name: one holder at a time, across everything that uses the same place, be it one process or several. A holder
 * that is killed loses its locks, at once or when its lease ends. Nothing is promised of the order in which waiting ones
 * come.
 *
 * Locks keep writers apart. Readers of what is replaced as a whole need none.
 */
export interface LockManager extends AsyncDisposable {
  /**
   * Waits until the lock is free and takes it. The same name is taken by one holder at a time in the same process too: a
   * holder that asks again waits for itself.
   *
   * @param name 1 to 512 characters, none of them a control character.
   * @throws StorageError `locked` when another holder has it after `waitMs`, `cancelled`, `invalid-argument` for a name that
   *   cannot be one or after disposal, `permission-denied` and `unavailable` where the place of the locks cannot be used.
   */
  acquire(name: string, options?: AcquireOptions): Promise<Lock>;
}
