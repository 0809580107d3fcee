import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a script ended. */
export interface EndedScript {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A script of a test, from source, in a process of its own. */
export class ScriptProcess {
  readonly ended: Promise<EndedScript>;
  readonly #child: ChildProcess;

  constructor(
    script: URL,
    parameters: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const path = fileURLToPath(script);
    const child = spawn(process.execPath, ['--conditions=@holdfast/source', path, ...parameters], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, output, errors }));
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
