import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended. */
export interface EndedProcess {
  readonly exitCode: number | null;
  readonly errors: string;
}

/** Runs a script of this folder, from source, in a process of its own. */
export function runProcess(script: string, parameters: readonly string[]): Promise<EndedProcess> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', path, ...parameters], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, errors }));
  });
}
