import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Where and how a program runs; its environment is this and nothing else. */
export interface RunProgramOptions {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end and answers what it wrote to stdout. It does not outlive this process.
 *
 * @throws Error with all that it wrote when it fails.
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { workingFolder, environment }: RunProgramOptions,
): Promise<string> {
  const child = spawn(program, programArguments, {
    cwd: workingFolder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: program.endsWith('.cmd'),
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.on('exit', killAtExit);
  const [stdout, all]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stdout.on('data', (chunk: Buffer) => all.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => all.push(chunk));
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    if (exitCode === 0) return Buffer.concat(stdout).toString();
    const output = Buffer.concat(all).toString();
    throw new Error(`${program} ${programArguments.join(' ')} ended with ${exitCode}:\n${output}`);
  } finally {
    process.off('exit', killAtExit);
  }
}
