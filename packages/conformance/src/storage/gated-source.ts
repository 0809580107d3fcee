/**
 * A source that stops half way and goes on when told: what happens meanwhile needs no waiting for clocks.
 */
export class GatedSource implements AsyncIterable<Uint8Array> {
  /** Resolves when the first part was taken and the second one is waited for. */
  readonly paused: Promise<void>;
  readonly #gate = Promise.withResolvers<void>();
  readonly #parts: AsyncGenerator<Uint8Array>;
  #wasLeft = false;

  constructor(first: Uint8Array, second: Uint8Array = new Uint8Array(0)) {
    const pause = Promise.withResolvers<void>();
    const gate = this.#gate.promise;
    this.paused = pause.promise;
    this.#parts = (async function* () {
      yield first;
      pause.resolve();
      await gate;
      if (second.byteLength > 0) yield second;
    })();
  }

  /** Whether the reader said that it wants no more. */
  get wasLeft(): boolean {
    return this.#wasLeft;
  }

  /** Gives the second part. */
  resume(): void {
    this.#gate.resolve();
  }

  /** Throws instead of giving the second part. */
  fail(failure: Error): void {
    this.#gate.promise.catch(() => undefined);
    this.#gate.reject(failure);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => this.#parts.next(),
      return: async () => {
        this.#wasLeft = true;
        return { done: true, value: undefined };
      },
    };
  }
}
