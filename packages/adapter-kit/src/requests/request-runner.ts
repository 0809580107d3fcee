import {
  type OperationContext,
  StorageError,
  cancelled,
  orCancelled,
  throwIfCancelled,
} from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import { networkFailure } from './network-failure.ts';
import type { RequestClock } from './request-clock.ts';
import { type RequestFailure, RequestFailureError, storageErrorOf } from './request-failure.ts';
import type { RequestSettings } from './request-settings.ts';
import { Retries } from './retries.ts';
import { RetryBudget } from './retry-budget.ts';
import { SilenceError } from './silence-error.ts';

/** A body of this speed is slow, not silent. */
const slowestBytesPerMs = 32;

/** What a {@link RequestRunner} needs to know. */
export interface RequestRunnerOptions {
  readonly configuration: RequestSettings;
  readonly clock: RequestClock;
  /** What a client's error means; `undefined` when it is not the client's. */
  readonly failureOf: (error: unknown) => RequestFailure | undefined;
}

/** How one request is run. */
export interface RunOptions<T> {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are sent, for which time is allowed. @default 0 */
  readonly sentBytes?: number | undefined;
  /** Whether it may be sent again. @default true */
  readonly isRepeatable?: boolean | undefined;
  /** A request that commits is not stopped once it is sent: cancellation waits for its outcome. @default false */
  readonly isCommit?: boolean | undefined;
  /** Instead of the time that is otherwise allowed for the answer. */
  readonly answerWithinMs?: number | undefined;
  /**
   * Finds out, after a failure that leaves it open, whether a write has happened: its result, or `undefined` when all
   * is as before and it may be sent again. Throws `indeterminate` when that cannot be told.
   */
  readonly settle?: () => Promise<T | undefined>;
}

/** What is known when a request is sent. */
export interface AttemptHistory {
  /** Whether an earlier try of a write may have happened. */
  readonly isUnsettled: boolean;
}

type Work<T> = (signal: AbortSignal, history: AttemptHistory) => Promise<T>;

/** Sends requests: again where that helps, with limits to waiting, and with one form of failure. */
export class RequestRunner {
  readonly #options: RequestRunnerOptions;
  readonly #budget = new RetryBudget();

  constructor(options: RequestRunnerOptions) {
    this.#options = options;
  }

  /** @throws StorageError with what the last failure means, how often it was tried, and whether to try again. */
  async run<T>(context: OperationContext, options: RunOptions<T>, work: Work<T>): Promise<T> {
    const retries = this.startRetries();
    let isUnsettled = false;
    for (;;) {
      try {
        const history = { isUnsettled };
        const value = await this.#attempt(context, options, (signal) => work(signal, history));
        this.#budget.refund();
        return value;
      } catch (error) {
        const failure = this.failureOf(
          error,
          options.isCommit === true ? undefined : options.signal,
          context,
        );
        isUnsettled ||= failure.mayHaveHappened === true;
        if (isUnsettled && options.settle !== undefined) {
          const settled = await options.settle();
          if (settled !== undefined) return settled;
        }
        const again = failure.isTemporary === true && options.isRepeatable !== false;
        if (again && (await this.#pause(retries, failure, { context, signal: options.signal }))) continue;
        const cause = { failure, cause: error, attempts: retries.attempts };
        throw isUnsettled && options.settle !== undefined
          ? indeterminate(cause, context)
          : told(cause, again, context);
      }
    }
  }

  /** Begins to count tries that share this runner's patience. */
  startRetries(): Retries {
    const { configuration, clock } = this.#options;
    return new Retries({ options: configuration.retry, clock, budget: this.#budget });
  }

  /**
   * What an error means to whoever may try again.
   *
   * @throws StorageError `cancelled` when the signal was aborted; the error itself when it is not the client's.
   */
  failureOf(error: unknown, signal: AbortSignal | undefined, context: OperationContext): RequestFailure {
    throwIfCancelled(signal, context);
    if (StorageError.isInstance(error)) throw error;
    const failure = this.meaningOf(error);
    if (failure === undefined) throw error;
    return failure;
  }

  /** What an error of a driver, its client or the network means; `undefined` when it is of none of them. */
  meaningOf(error: unknown): RequestFailure | undefined {
    if (error instanceof RequestFailureError) return error.failure;
    return this.#options.failureOf(error) ?? networkFailure(error);
  }

  async #pause(
    retries: Retries,
    failure: RequestFailure,
    { context, signal }: { context: OperationContext; signal: AbortSignal | undefined },
  ): Promise<boolean> {
    try {
      return await retries.next(failure, signal);
    } catch (error) {
      throw signal?.aborted === true ? cancelled(signal, context) : error;
    }
  }

  async #attempt<T>(
    context: OperationContext,
    { signal: given, sentBytes = 0, isCommit = false, answerWithinMs }: RunOptions<T>,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    throwIfCancelled(given, context);
    const signal = isCommit ? undefined : given;
    const limitMs =
      answerWithinMs ?? this.#options.configuration.timeouts.firstByteMs + sentBytes / slowestBytesPerMs;
    const controller = new AbortController();
    const attemptSignal = joinSignals(controller.signal, signal);
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new SilenceError('no answer came', limitMs);
        reject(error);
        controller.abort(error);
      }, limitMs);
    });
    try {
      return await orCancelled(Promise.race([work(attemptSignal), silence]), signal, context);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface LastFailure {
  readonly failure: RequestFailure;
  readonly cause: unknown;
  readonly attempts: number;
}

function told(
  { failure, cause, attempts }: LastFailure,
  wasAgain: boolean,
  context: OperationContext,
): StorageError {
  const retry = wasAgain ? 'exhausted' : failure.isTemporary ? 'temporary' : 'never';
  return storageErrorOf(failure, context, { attempts, retry, cause });
}

/** The write was sent, its answer did not come, and it was not tried again with success. */
function indeterminate({ failure, cause, attempts }: LastFailure, context: OperationContext): StorageError {
  const unknown: RequestFailure = {
    ...failure,
    code: 'indeterminate',
    what: `${failure.what}, and it is not known whether the write happened`,
    hint: 'Read the object before you try again.',
  };
  return storageErrorOf(unknown, context, { attempts, retry: 'never', cause });
}
