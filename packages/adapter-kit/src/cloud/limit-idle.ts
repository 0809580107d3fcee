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
  let isWaiting = false;
  try {
    for (;;) {
      isWaiting = true;
      const next = await withinSilence(iterator.next(), idleMs);
      isWaiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    close();
    const left = iterator.return?.().catch(() => undefined);
    if (!isWaiting) await left;
  }
}

function withinSilence<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilenceError('no byte came', limitMs)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
