/** A worker thread was ended because its task took more than it may. */
export class WorkLimitError extends Error {
  override readonly name = 'WorkLimitError';
  readonly limit: 'time' | 'memory';

  /** @param most Milliseconds of work, or MiB of heap. */
  constructor(limit: 'time' | 'memory', most: number) {
    super(
      limit === 'time'
        ? `it took more than ${most / 1000} seconds of work`
        : `it took more than ${most} MiB of memory`,
    );
    this.limit = limit;
  }
}
