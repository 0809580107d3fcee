import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs a program to its end; it does not outlive this process.
 *
 * @throws Error with all that it printed when it fails.
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const running = execute(program, programArguments, {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...environment },
  });
  const kill = (): boolean => running.child.kill();
  process.on('exit', kill);
  try {
    await running;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${programArguments.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  } finally {
    process.off('exit', kill);
  }
}
