import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** `object-worker.ts` in a process of its own, from source. */
export class ObjectProcess {
  readonly #child: ChildProcess;
  #errors = '';

  constructor(parameters: readonly string[]) {
    const path = join(import.meta.dirname, 'object-worker.ts');
    this.#child = spawn(process.execPath, ['--conditions=@holdfast/source', path, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => (this.#errors += bytes.toString()));
  }

  /** Waits until it says something. */
  async said(): Promise<void> {
    const ended = once(this.#child, 'close').then(() => {
      throw new Error(`it ended without a word: ${this.#errors}`);
    });
    await Promise.race([once(this.#child.stdout as Readable, 'data'), ended]);
    ended.catch(() => undefined);
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Waits for its end; answers what it complained about. */
  async ended(): Promise<string> {
    const [code] = (await once(this.#child, 'close')) as [number | null];
    return code === 0 ? this.#errors : `ended with ${code}: ${this.#errors}`;
  }
}
