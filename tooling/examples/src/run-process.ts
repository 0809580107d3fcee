import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { ExampleWorld } from './example-world.ts';

/** What a process said, and how it ended. */
export interface Finished {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a process of a page to its end; one that does not come to an end is killed after five minutes. */
export async function runProcess(
  [program = '', ...parameters]: readonly string[],
  { folder, environment }: Pick<ExampleWorld, 'folder' | 'environment'>,
): Promise<Finished> {
  const child = spawn(program, parameters, {
    cwd: folder,
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode: exitCode ?? undefined, stdout, stderr };
}
