/**
 * The database stayed locked by others for as long as patience lasted. It never leaves an adapter:
 * the adapter's translator makes a `StorageError` of it.
 */
export class BusyTimeoutError extends Error {
  override readonly name = 'BusyTimeoutError';
  /** How often it was tried. */
  readonly attempts: number;
  /** How long it was to be waited for. */
  readonly busyTimeoutMs: number;

  /** @param options `cause` is what SQLite said last. */
  constructor(options: {
    readonly attempts: number;
    readonly busyTimeoutMs: number;
    readonly cause: unknown;
  }) {
    super(`the database was still locked at attempt ${options.attempts}`, { cause: options.cause });
    this.attempts = options.attempts;
    this.busyTimeoutMs = options.busyTimeoutMs;
  }
}
