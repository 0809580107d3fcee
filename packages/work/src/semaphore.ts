/** Lets a number of holders in at once; the others wait in the order in which they asked. */
export class Semaphore {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /**
   * Waits for a place. Dispose what it returns to leave the place to the next one.
   *
   * @throws the signal's reason, when it is aborted before a place is free.
   */
  async enter(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let isLeft = false;
    return {
      [Symbol.dispose]: () => {
        if (!isLeft) this.#leave();
        isLeft = true;
      },
    };
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free++;
    else next();
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const give = (): void => {
      this.#waiting.delete(give);
      resolve();
    };
    const stop = (): void => {
      this.#waiting.delete(give);
      reject(signal?.reason as Error);
    };
    this.#waiting.add(give);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}
