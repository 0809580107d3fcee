import type { FailureContext } from './operation-context.ts';
import { cancelled, throwIfCancelled } from './throw-if-cancelled.ts';

/**
 * Hands chunks on until the signal says stop, also while the next one is waited for:
 * a source that has gone silent does not hold up cancellation.
 *
 * @throws StorageError `cancelled`.
 */
export async function* untilCancelled<T>(
  chunks: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  context: FailureContext,
): AsyncGenerator<T> {
  throwIfCancelled(signal, context);
  const iterator = chunks[Symbol.asyncIterator]();
  let state: 'waiting' | 'lent' | 'ended' = 'lent';
  try {
    for (;;) {
      state = 'waiting';
      const next = await orCancelled(iterator.next(), signal, context);
      state = next.done === true ? 'ended' : 'lent';
      throwIfCancelled(signal, context);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const left = state === 'ended' ? undefined : iterator.return?.().catch(() => undefined);
    // A generator answers only when the chunk that it waits for has come, which may be never.
    if (state === 'lent') await left;
  }
}

/**
 * Waits for work, but not longer than until the signal says stop. The work itself is not stopped.
 *
 * @throws StorageError `cancelled`.
 */
export function orCancelled<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  context: FailureContext,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled(signal, context));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
