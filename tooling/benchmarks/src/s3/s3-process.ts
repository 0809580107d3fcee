import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { scriptArguments, startNode } from '../framework/child-process.ts';
import type { S3Place } from '../material/s3-server.ts';
import type { S3Report, S3Work } from './s3-work.ts';

/** Who speaks S3 in a process of its own. */
export type S3LibraryName = 'holdfast' | 'sdk';

/** A process that does nothing but speak S3, so that what it costs can be told apart. */
export class S3Process implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it, connected and idle. */
  static async start(library: S3LibraryName, { endpoint, bucket }: S3Place): Promise<S3Process> {
    const child = startNode(scriptArguments('s3.ts', [library, endpoint, bucket]), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new S3Process(child);
    await started.#answer();
    return started;
  }

  /** @throws Error when the work failed; the process has said why. */
  async run(work: S3Work): Promise<S3Report> {
    const answer = this.#answer();
    this.#child.send(work);
    return (await answer) as S3Report;
  }

  /** Ends it at once: it holds nothing that is worth an orderly end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #answer(): Promise<unknown> {
    const ended = new AbortController();
    const failed = once(this.#child, 'close', { signal: ended.signal }).then(() => {
      throw new Error('The process ended before its work did.');
    });
    try {
      const [message] = await Promise.race([once(this.#child, 'message', { signal: ended.signal }), failed]);
      return message;
    } finally {
      ended.abort();
      failed.catch(() => undefined);
    }
  }
}
