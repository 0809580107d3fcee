import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemUser } from './unprivileged-user.ts';

const execute = promisify(execFile);

/** How a program is run. */
export interface RunProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The user that it runs as. @default this process's */
  readonly user?: SystemUser | undefined;
  /** The folder that it runs in. @default this process's */
  readonly folder?: string;
}

/**
 * Runs a program to its end; it does not outlive this process.
 *
 * @throws Error with all that it printed when it fails.
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  options: RunProgramOptions = {},
): Promise<void> {
  const running = execute(program, programArguments, {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...options.environment },
    cwd: options.folder,
    ...options.user,
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
