import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the example of the README prints what the README says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const [, printed] = /```text\n(.*?)```/s.exec(readme) ?? [];
  const parameters = ['--conditions=@holdfast/source', '--input-type=module-typescript', '--eval', code];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-readme-'));
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd, env });
    expect(stdout).toBe(printed);
    expect(await readdir(folder)).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
