import { SilenceError } from './silence-error.ts';

/** How long silence is borne. */
export interface IdleOptions {
  readonly idleMs: number;
  /** Ends what is silent, so that it does not stay open behind. */
  readonly close: () => void;
}

/**
 * Hands chunks on, and takes silence for an error. Only the time in which a chunk is waited for counts: a slow reader
 * does not make its own stream late.
 *
 * @throws SilenceError
 */
export async function* limitIdle(
  chunks: AsyncIterable<Uint8Array>,
  { idleMs, close }: IdleOptions,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const watch = new SilenceWatch(idleMs);
  try {
    for (;;) {
      const next = await watch.during(() => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    watch.end();
    close();
    const left = iterator.return?.().catch(() => undefined);
    if (!watch.isWaiting) await left;
  }
}

/** One timer for all chunks of a body: setting one for each would cost more than passing the chunk on. */
class SilenceWatch {
  readonly #timer: NodeJS.Timeout;
  #refuse: ((error: SilenceError) => void) | undefined;

  constructor(limitMs: number) {
    this.#timer = setTimeout(() => this.#refuse?.(new SilenceError('no byte came', limitMs)), limitMs);
    this.#timer.unref();
  }

  /** Whether work was begun and has not ended. */
  get isWaiting(): boolean {
    return this.#refuse !== undefined;
  }

  during<T>(begin: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#refuse = reject;
      this.#timer.refresh();
      const settled = begin().finally(() => {
        this.#refuse = undefined;
      });
      settled.then(resolve, reject);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
