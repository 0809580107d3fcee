import { type OperationContext, StorageError } from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import { SilenceError } from './silence-error.ts';

interface Stoppable {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an operation under a limit to the whole of it, where there is one.
 *
 * @throws StorageError `timeout` when it did not end in time.
 */
export async function withinTotal<T, O extends Stoppable>(
  { totalMs, options, context }: { totalMs: number | undefined; options: O; context: OperationContext },
  work: (options: O) => Promise<T>,
): Promise<T> {
  if (totalMs === undefined) return work(options);
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new SilenceError(`${context.operation} did not end`, totalMs)),
    totalMs,
  );
  const signal = joinSignals(limit.signal, options.signal);
  try {
    return await work({ ...options, signal });
  } catch (error) {
    if (!StorageError.isInstance(error, 'cancelled') || error.cause !== limit.signal.reason) throw error;
    throw new StorageError({
      ...context,
      code: 'timeout',
      retry: 'temporary',
      message: `${context.operation} took longer than the ${totalMs} ms that it was given.`,
      hint: 'Try again, or allow more with timeouts.totalMs.',
      cause: error.cause,
    });
  } finally {
    clearTimeout(timer);
  }
}
