import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..', '..');
/** Its example declares tests; the tests of the memory adapter compare it with their own. */
const declaringTests = join('packages', 'conformance');

const packages = globSync('packages/{*,*/*}/package.json', { cwd: repository })
  .map(dirname)
  .filter((path) => path !== declaringTests)
  .toSorted();

interface Example {
  readonly code: string;
  /** What it prints, to the letter. */
  readonly printed: string;
}

/** Every TypeScript block that is followed by what it prints. */
function examplesOf(readme: string): readonly Example[] {
  const blocks = readme.matchAll(/```ts\n(?<code>.*?)```\n+```text\n(?<printed>.*?)```/gs);
  return Array.from(blocks, ({ groups }) => ({
    code: groups?.['code'] ?? '',
    printed: groups?.['printed'] ?? '',
  }));
}

/** Runs an example as its reader would, with what its package depends on, and a temporary folder of its own. */
async function run(code: string, packageFolder: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-example-'));
  const environment = { PATH: process.env['PATH'] ?? '', TMPDIR: folder, TEMP: folder, TMP: folder };
  const parameters = ['--conditions=@holdfast/source', '--input-type=module-typescript', '--eval', code];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, parameters, {
      cwd: packageFolder,
      env: environment,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.each(packages)('the README of %s', (name) => {
  const packageFolder = join(repository, name);
  const path = join(packageFolder, 'README.md');

  test('has an example, and it prints what it says', async () => {
    const examples = existsSync(path) ? examplesOf(await readFile(path, 'utf8')) : [];
    expect(examples, `${relative(repository, path)} has no example with its output`).not.toEqual([]);
    for (const { code, printed } of examples) expect(await run(code, packageFolder)).toBe(printed);
  });
});

test("the example of the repository's README runs", async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(code).toContain('model.onnx');
  const prepared = `process.chdir(process.env.TMPDIR);\n(await import('node:fs')).writeFileSync('model.onnx', 'weights');\n`;
  const checked = `\nconsole.log(Buffer.from(bytes).toString(), info.format);`;
  const printed = await run(
    prepared + code + checked,
    join(repository, 'packages', 'application', 'storage'),
  );
  expect(printed).toBe('weights onnx\n');
});
