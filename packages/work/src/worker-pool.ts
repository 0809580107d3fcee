import { availableParallelism } from 'node:os';
import { Semaphore } from './semaphore.ts';
import { type TaskOptions, WorkerThread, type WorkLimits } from './worker-thread.ts';

export interface WorkerPoolOptions {
  /** The module that the threads run: it calls `serveTasks`. */
  readonly module: URL;
  /** The most threads at once. @default as many as there are processors */
  readonly atOnce?: number | undefined;
  /** Of each task. */
  readonly limits?: WorkLimits | undefined;
  /**
   * Keep threads for the next task. Without it every task has a fresh thread, and nothing that an untrusted input did
   * to one reaches another. @default true
   */
  readonly isReused?: boolean | undefined;
}

/**
 * Does tasks in worker threads, a bounded number at once. Threads begin when they are first needed, and idle ones do
 * not keep the process alive. A thread whose task reached a limit or was cancelled is ended, however busy it is.
 */
export class WorkerPool<Task, Result, Question = never, Answer = never> implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #places: Semaphore;
  readonly #threads = new Set<WorkerThread<Task, Result, Question, Answer>>();
  readonly #idle: WorkerThread<Task, Result, Question, Answer>[] = [];
  #isClosed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#places = new Semaphore(options.atOnce ?? availableParallelism());
  }

  /**
   * Does a task when a thread is free.
   *
   * @throws WorkLimitError when it took too much; the signal's reason; what the task and `answer` throw.
   */
  async run(task: Task, options: TaskOptions<Question, Answer> = {}): Promise<Result> {
    using _place = await this.#places.enter(options.signal);
    if (this.#isClosed) throw new Error('The worker pool was disposed.');
    const thread = this.#take();
    try {
      return await thread.run(task, options);
    } finally {
      await this.#give(thread);
    }
  }

  /** Ends every thread; tasks that are in progress fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #take(): WorkerThread<Task, Result, Question, Answer> {
    const { module, limits = {} } = this.#options;
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) return idle;
      this.#threads.delete(idle);
    }
    const thread = new WorkerThread<Task, Result, Question, Answer>(module, limits);
    this.#threads.add(thread);
    return thread;
  }

  async #give(thread: WorkerThread<Task, Result, Question, Answer>): Promise<void> {
    const { isReused = true } = this.#options;
    if (isReused && thread.isUsable && !this.#isClosed) {
      this.#idle.push(thread);
      return;
    }
    this.#threads.delete(thread);
    await thread.end();
  }
}
