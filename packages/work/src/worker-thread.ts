import { type Transferable, Worker } from 'node:worker_threads';
import type { FromThread, ToThread } from './thread-messages.ts';
import { WorkClock } from './work-clock.ts';
import { WorkLimitError } from './work-limit-error.ts';

/** How much a task may take before its thread is ended. */
export interface WorkLimits {
  /** The longest that it may work, in milliseconds; waiting for answers does not count. @default without limit */
  readonly workMs?: number | undefined;
  /** The most that the heap of its thread may hold, in MiB. @default Node's own limit */
  readonly heapMiB?: number | undefined;
}

export interface TaskOptions<Question, Answer> {
  /** Ends the thread. */
  readonly signal?: AbortSignal | undefined;
  /** Handed over to the thread instead of copied. */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Answers what the thread asks. A failure ends the task. */
  readonly answer?: ((question: Question) => Promise<Answer>) | undefined;
}

/** A task that failed in its thread, which can do another one. */
class TaskFailure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** A thread that does one task at a time. */
export class WorkerThread<Task, Result, Question, Answer> {
  readonly #worker: Worker;
  readonly #limits: WorkLimits;
  #hasEnded = false;

  constructor(module: URL, limits: WorkLimits) {
    const { heapMiB } = limits;
    this.#limits = limits;
    this.#worker = new Worker(module, {
      ...(heapMiB === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
      ...(module.pathname.endsWith('.ts') ? { execArgv: ['--conditions=@holdfast/source'] } : {}),
    });
    this.#worker.on('exit', () => (this.#hasEnded = true));
    // What happens during a task is thrown by it.
    this.#worker.on('error', () => undefined);
  }

  /** Whether it can do another task. */
  get isUsable(): boolean {
    return !this.#hasEnded;
  }

  /** @throws WorkLimitError, the signal's reason, and what the task and `answer` throw. */
  async run(task: Task, options: TaskOptions<Question, Answer>): Promise<Result> {
    const { signal, transfer = [] } = options;
    const { workMs = Infinity, heapMiB = Infinity } = this.#limits;
    const worker = this.#worker;
    const ending = Promise.withResolvers<Result>();
    using clock = new WorkClock(workMs, () => ending.reject(new WorkLimitError('time', workMs)));
    const stop = (): void => ending.reject(signal?.reason);
    const hear = (message: FromThread): void => {
      if (message.kind === 'done') ending.resolve(message.result as Result);
      else if (message.kind === 'failed') ending.reject(new TaskFailure(message.error));
      else this.#serve(message, { ...options, clock }).catch(ending.reject);
    };
    const fail = (error: unknown): void =>
      ending.reject(isOutOfMemory(error) ? new WorkLimitError('memory', heapMiB) : error);
    const exit = (): void => ending.reject(new Error('The worker thread ended without a result.'));
    worker.ref();
    worker.on('message', hear).on('error', fail).on('exit', exit);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      this.#send({ kind: 'task', task }, transfer);
      return await ending.promise;
    } catch (error) {
      if (error instanceof TaskFailure) throw error.error;
      await this.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      worker.off('message', hear).off('error', fail).off('exit', exit);
      worker.unref();
    }
  }

  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.#worker.terminate();
  }

  async #serve(
    { id, question }: FromThread & { kind: 'question' },
    { answer, clock }: TaskOptions<Question, Answer> & { readonly clock: WorkClock },
  ): Promise<void> {
    if (answer === undefined) throw new Error('The worker thread asks, and nothing answers.');
    clock.pause();
    const answered = await answer(question as Question);
    clock.resume();
    this.#send({ kind: 'answer', id, answer: answered });
  }

  #send(message: ToThread, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
