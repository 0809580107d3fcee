import { setImmediate } from 'node:timers/promises';

/** Lets other work of the process have its turn between the pieces of a long one. */
export class TurnTaker {
  readonly #turnMs: number;
  #endsAtMs: number;

  /** @param turnMs How long pieces may follow each other. */
  constructor(turnMs = 10) {
    this.#turnMs = turnMs;
    this.#endsAtMs = performance.now() + turnMs;
  }

  /** Whether it is time for other work: then {@link pass} is to be awaited. */
  get isOver(): boolean {
    return performance.now() >= this.#endsAtMs;
  }

  /** @throws the signal's reason when it was raised. */
  async pass(signal: AbortSignal | undefined): Promise<void> {
    await setImmediate();
    signal?.throwIfAborted();
    this.#endsAtMs = performance.now() + this.#turnMs;
  }
}
