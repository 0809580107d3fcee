/** Nothing came for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
  /** As Node spells it, so that it is told like any other timeout. */
  readonly code = 'ETIMEDOUT';

  constructor(what: string, limitMs: number) {
    super(`${what} within ${limitMs} ms`);
  }
}
