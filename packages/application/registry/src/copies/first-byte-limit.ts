import { type OperationContext, StorageError } from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';

/** How long a store may take to begin, when the bytes can be read elsewhere. */
const firstByteMs = 5_000;

/** Ends an attempt to read a copy whose first byte does not come, where another copy waits. Dispose it. */
export class FirstByteLimit implements Disposable {
  /** Aborted by the caller, or when the time is over. */
  readonly signal: AbortSignal | undefined;
  readonly #context: OperationContext;
  readonly #late = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    context: OperationContext,
    options: { readonly signal: AbortSignal | undefined; readonly hasAlternative: boolean },
  ) {
    const { signal, hasAlternative } = options;
    this.#context = context;
    if (hasAlternative) this.#timer = setTimeout(() => this.#late.abort(), firstByteMs);
    this.signal = hasAlternative ? joinSignals(this.#late.signal, signal) : signal;
  }

  /** Stops the clock: the store has begun to answer. */
  arrived(): void {
    clearTimeout(this.#timer);
  }

  /** What a failure means: a cancellation by this limit is a timeout of the store. */
  meaningOf(error: unknown): unknown {
    if (!this.#late.signal.aborted || !StorageError.isInstance(error, 'cancelled')) return error;
    return new StorageError({
      ...this.#context,
      code: 'timeout',
      retry: 'temporary',
      message: `The store gave no byte within ${firstByteMs / 1_000} s.`,
      cause: error,
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
