/**
 * A source that stops half way and goes on when told: what happens meanwhile needs no waiting for clocks.
 */
export class GatedSource implements AsyncIterable<Uint8Array> {
  /** Resolves when the first part was taken and the second one is waited for. */
  readonly paused: Promise<void>;
  readonly #first: Uint8Array;
  readonly #second: Uint8Array;
  readonly #pause = Promise.withResolvers<void>();
  readonly #gate = Promise.withResolvers<void>();
  #wasLeft = false;

  constructor(first: Uint8Array, second: Uint8Array = new Uint8Array(0)) {
    this.#first = first;
    this.#second = second;
    this.paused = this.#pause.promise;
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
  fail(error: Error): void {
    this.#gate.reject(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const parts = this.#parts();
    return {
      next: () => parts.next(),
      return: async () => {
        this.#wasLeft = true;
        return { done: true, value: undefined };
      },
    };
  }

  async *#parts(): AsyncGenerator<Uint8Array> {
    yield this.#first;
    this.#pause.resolve();
    await this.#gate.promise;
    if (this.#second.byteLength > 0) yield this.#second;
  }
}
