import { Worker } from 'node:worker_threads';
import { FormatError, type FormatInspection, tensorListOfParts } from '@holdfast/formats';
import type { InspectionTask, ReadMessage, WorkerMessage } from './inspection-messages.ts';

/** How much a worker may take before it is ended. */
export interface InspectionLimits {
  /** The longest that it may work, in milliseconds; waiting for bytes does not count. @default 30000 */
  readonly workMs?: number | undefined;
  /** The most that its heap may hold, in MiB. @default 1024 */
  readonly heapMiB?: number | undefined;
}

export interface InspectInWorkerOptions extends InspectionLimits {
  /** Serves bytes of the file, or of one file of the folder. */
  readonly read: (question: Pick<ReadMessage, 'path' | 'offset' | 'length'>) => Promise<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

const defaultWorkMs = 30_000;
const defaultHeapMiB = 1024;
const isSource = import.meta.url.endsWith('.ts');

/**
 * Looks into a file or folder in a thread of its own, which is ended when the signal is raised or a
 * limit is reached. Gives the inspection, or, as a clause, which limit it was.
 *
 * @throws FormatError as the catalog does, the signal's reason, and whatever `read` throws.
 */
export async function inspectInWorker(
  task: InspectionTask,
  { read, signal, workMs = defaultWorkMs, heapMiB = defaultHeapMiB }: InspectInWorkerOptions,
): Promise<FormatInspection | string> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL(`./inspection-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    ...(isSource ? { execArgv: ['--conditions=@holdfast/source'] } : {}),
  });
  const ending = Promise.withResolvers<FormatInspection | string>();
  const stop = (): void => ending.reject(signal?.reason);
  using clock = new WorkClock(workMs, () =>
    ending.resolve(`it took more than ${workMs / 1000} seconds of work`),
  );
  signal?.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'inspected') ending.resolve(assembled(message));
    else if (message.kind === 'broken') ending.reject(new FormatError(message.details));
    else if (message.kind === 'failed') ending.reject(message.error);
    else serve(worker, message, { read, clock }).catch(ending.reject);
  });
  worker.on('error', (error) => {
    if (isOutOfMemory(error)) ending.resolve(`it took more than ${heapMiB} MiB of memory`);
    else ending.reject(error);
  });
  worker.on('exit', () => ending.reject(new Error('The inspection ended without an answer.')));
  try {
    return await ending.promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function assembled({ inspection, tensorList }: WorkerMessage & { kind: 'inspected' }): FormatInspection {
  return tensorList === undefined ? inspection : { ...inspection, tensorList: tensorListOfParts(tensorList) };
}

async function serve(
  worker: Worker,
  { id, path, offset, length }: ReadMessage,
  { read, clock }: { readonly read: InspectInWorkerOptions['read']; readonly clock: WorkClock },
): Promise<void> {
  clock.pause();
  const bytes = await read({ path, offset, length });
  clock.resume();
  worker.postMessage({ id, bytes }, []);
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Counts the time in which a worker works, and calls when there is none left. */
class WorkClock implements Disposable {
  readonly #onEnd: () => void;
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(leftMs: number, onEnd: () => void) {
    this.#leftMs = leftMs;
    this.#onEnd = onEnd;
    this.resume();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
  }

  resume(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onEnd, Math.max(0, this.#leftMs));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
