import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended. */
export interface EndedProcess {
  readonly exitCode: number | null;
  readonly errors: string;
}

/** A script of this folder, from source, in a process of its own. */
export class RunningProcess {
  readonly ended: Promise<EndedProcess>;
  readonly #child: ChildProcess;

  constructor(script: string, parameters: readonly string[]) {
    const path = join(import.meta.dirname, script);
    this.#child = spawn(process.execPath, ['--conditions=@holdfast/source', path, ...parameters], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (exitCode) => resolve({ exitCode, errors }));
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
