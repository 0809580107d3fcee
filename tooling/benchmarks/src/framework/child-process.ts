import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a process ended. */
export interface EndedProcess {
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end. */
  readonly milliseconds: number;
}

/**
 * Runs Node with arguments, to its end.
 *
 * @throws Error with what it printed when it fails.
 */
export function runNode(parameters: readonly string[], options: SpawnOptions = {}): Promise<EndedProcess> {
  return runProgram(process.execPath, parameters, options);
}

/**
 * Runs a program with arguments, to its end.
 *
 * @throws Error with what it printed when it fails.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions = {},
): Promise<EndedProcess> {
  const begin = performance.now();
  const child = startProgram(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const milliseconds = performance.now() - begin;
  if (exitCode === 0) return { stdout: stdout(), stderr: stderr(), milliseconds };
  throw new Error(`${program} ${parameters.join(' ')} ended with ${exitCode}:\n${stderr()}`);
}

/** Starts Node; the process does not outlive this one. */
export function startNode(parameters: readonly string[], options: SpawnOptions): ChildProcess {
  return startProgram(process.execPath, parameters, options);
}

/** Starts a program; the process does not outlive this one. */
export function startProgram(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(program, parameters, options);
  const kill = (): boolean => child.kill('SIGKILL');
  process.on('exit', kill);
  child.once('close', () => process.off('exit', kill));
  return child;
}

/** The arguments that run a script of the folder `processes` from its sources, as this process runs. */
export function scriptArguments(script: string, parameters: readonly string[]): readonly string[] {
  const path = fileURLToPath(new URL(`../processes/${script}`, import.meta.url));
  return [...process.execArgv, path, ...parameters];
}

function gather(stream: ChildProcess['stdout']): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
