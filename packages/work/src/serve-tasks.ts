import { type MessagePort, type Transferable, parentPort } from 'node:worker_threads';
import type { FromThread, ToThread } from './thread-messages.ts';

/** What a thread can do besides its own work. */
export interface ThreadTools<Question, Answer> {
  /** Asks the thread that gave the task; while it waits for the answer, its clock is stopped. */
  readonly ask: (question: Question) => Promise<Answer>;
  /** Hands memory over with the result instead of copying it. */
  readonly transfer: (...memory: readonly Transferable[]) => void;
}

/** Does one task. */
export type ThreadWork<Task, Result, Question, Answer> = (
  task: Task,
  tools: ThreadTools<Question, Answer>,
) => Promise<Result>;

/**
 * Makes the module of a worker thread do the tasks of a `WorkerPool`, one at a time. What `work` throws is thrown where
 * the task was given, as far as it can be cloned.
 */
export function serveTasks<Task, Result, Question = never, Answer = never>(
  work: ThreadWork<Task, Result, Question, Answer>,
): void {
  if (parentPort === null) throw new Error('serveTasks is for the module of a worker thread.');
  const port: MessagePort = parentPort;
  const waiting = new Map<number, (answer: Answer) => void>();
  let questionCount = 0;
  const send = (message: FromThread, memory: readonly Transferable[] = []): void =>
    port.postMessage(message, memory);
  const ask = (question: Question): Promise<Answer> =>
    new Promise((resolve) => {
      const id = (questionCount += 1);
      waiting.set(id, resolve);
      send({ kind: 'question', id, question });
    });
  const serve = async (task: Task): Promise<void> => {
    const memory: Transferable[] = [];
    try {
      const result = await work(task, { ask, transfer: (...more) => void memory.push(...more) });
      send({ kind: 'done', result }, memory);
    } catch (error) {
      send({ kind: 'failed', error: cloneable(error) });
    }
  };
  port.on('message', (message: ToThread) => {
    if (message.kind === 'task') return void serve(message.task as Task);
    waiting.get(message.id)?.(message.answer as Answer);
    waiting.delete(message.id);
  });
}

function cloneable(error: unknown): unknown {
  try {
    return structuredClone(error);
  } catch {
    return new Error(String(error));
  }
}
