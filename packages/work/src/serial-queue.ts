/** How long a turn is waited for. */
export interface TurnOptions {
  readonly timeoutMs: number;
  /** Makes the error to throw when the turn has not come after `timeoutMs`; the work is not run then. */
  readonly refuse: () => Error;
}

/** Runs work one piece at a time, in the order of the calls. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();

  /** Runs work when everything before it has ended. */
  async run<T>(work: () => Promise<T>, options: TurnOptions = neverRefused): Promise<T> {
    const before = this.#last;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last = ended;
    if (!(await settlesWithin(before, options.timeoutMs))) {
      void before.then(end);
      throw options.refuse();
    }
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Resolves when nothing is running or waiting. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

const neverRefused: TurnOptions = {
  timeoutMs: Number.POSITIVE_INFINITY,
  refuse: () => new Error('refused'),
};

async function settlesWithin(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  if (timeoutMs === Number.POSITIVE_INFINITY) {
    await promise;
    return true;
  }
  const { promise: elapsed, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, timeoutMs, false);
  try {
    return await Promise.race([promise.then(() => true), elapsed]);
  } finally {
    clearTimeout(timer);
  }
}
