/** The database stayed locked by others for as long as patience lasted. */
export class BusyTimeoutError extends Error {
  override readonly name = 'BusyTimeoutError';
  readonly attempts: number;

  constructor(attempts: number, cause: unknown) {
    super(`the database was still locked at attempt ${attempts}`, { cause });
    this.attempts = attempts;
  }
}
