/** Counts the time in which a thread works, and calls when none is left. */
export class WorkClock implements Disposable {
  readonly #onEnd: () => void;
  #leftMs: number;
  #startedAt = 0;
  #pauses = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(leftMs: number, onEnd: () => void) {
    this.#leftMs = leftMs;
    this.#onEnd = onEnd;
    this.#start();
  }

  /** Stops the clock until each pause has been ended. */
  pause(): void {
    if (this.#pauses++ > 0) return;
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
  }

  resume(): void {
    if (--this.#pauses === 0) this.#start();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#startedAt = performance.now();
    if (this.#leftMs !== Infinity) this.#timer = setTimeout(this.#onEnd, Math.max(0, this.#leftMs));
  }
}
