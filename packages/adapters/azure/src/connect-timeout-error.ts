/** No connection stood in time: nothing was sent. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
  /** What the client keeps of it. */
  static readonly code = 'HOLDFAST_CONNECT_TIMEOUT';
  readonly code: string = ConnectTimeoutError.code;

  constructor(limitMs: number) {
    super(`no connection was made within ${limitMs} ms`);
  }
}
