import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const visitor = join(import.meta.dirname, 'visit-store.ts');

/** The command that looks at a store in a process of its own; it prints a line of JSON for each look. */
export function visitCommand(root: string, task: string, ...more: readonly string[]): readonly string[] {
  return [process.execPath, '--conditions=@holdfast/source', visitor, root, task, ...more];
}

/** Runs a command to its end and reads the last line that it prints. */
export async function visit<T>(
  command: readonly string[],
  options: { readonly uid?: number } = {},
): Promise<T> {
  const [program = '', ...parameters] = command;
  const { stdout } = await promisify(execFile)(program, parameters, {
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    env: { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '1' },
    timeout: 60_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** A shell that knows `$folder` and `visit TASK`, which looks at the store in `$folder/store`. */
export function shellCommand(script: string, folder: string): readonly string[] {
  const [program, ...parameters] = visitCommand(join(folder, 'store'), '').slice(0, -1);
  const quoted = [program, ...parameters].map((word) => `'${word}'`).join(' ');
  return ['sh', '-e', '-c', `folder='${folder}'; visit() { ${quoted} "$@"; }; ${script}`];
}
