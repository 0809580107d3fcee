import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Setting } from './setting.ts';

const execute = promisify(execFile);
const repository = join(import.meta.dirname, '../../../..');
const executable = join(repository, 'apps/cli/dist/bundle/main.js');

/** The path of the executable as it is published, built once in a run, so that it is the present sources that are measured. */
export async function bundleExecutable({ shared, say }: Setting): Promise<string> {
  await shared.find('executable', async () => {
    say('bundling the executable');
    const pnpm = join(repository, 'node_modules/pnpm/bin/pnpm.cjs');
    const path = `${join(repository, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    await execute(process.execPath, [pnpm, '--filter', '@holdfast/cli', 'run', 'bundle'], {
      cwd: repository,
      env: { ...process.env, PATH: path },
    });
  });
  return executable;
}
