import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

const configuration = `version: 1
stores:
  default: { backend: local_filesystem, root: .holdfast/store }
  plainstore: { backend: local_filesystem, root: data, layout: plain }
`;

function withPlainStore(): Holdfast {
  const holdfast = new Holdfast();
  holdfast.write('holdfast.yaml', configuration);
  holdfast.write('data/thesis.tex', 'text');
  holdfast.write('data/tmp/notes', 'text');
  return holdfast;
}

test('a folder of files is a store like others', async () => {
  using holdfast = withPlainStore();
  const bytes = safetensorsFile(60_000);
  holdfast.write('weights.safetensors', bytes);
  holdfast.write('tree/a', 'a');
  holdfast.write('tree/b/c', 'c');
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm', '--backend', 'plainstore']);
  await holdfast.succeed(['put', 'tree', '--name', 'tree', '--store', 'plainstore']);
  expect((await holdfast.succeed(['ls'])).stdout).toContain('tree');
  await holdfast.succeed(['get', 'm', '-o', 'copy']);
  await holdfast.succeed(['get', 'tree', '-o', 'out']);
  expect(holdfast.read('copy').equals(bytes)).toBe(true);
  expect(holdfast.read('out/b/c').toString()).toBe('c');
  await holdfast.succeed(['verify']);
  expect(readFileSync(holdfast.path('data', 'thesis.tex'), 'utf8')).toBe('text');
});

test('doctor takes nobody else’s folder for temporary files', async () => {
  using holdfast = withPlainStore();
  const { stdout } = await holdfast.succeed(['doctor']);
  expect(stdout).toMatch(/plain files, .*not fenced and never collected/);
  expect(stdout).not.toContain('temporary');
});

test('gc leaves the objects of a plain store alone, and says why', async () => {
  using holdfast = withPlainStore();
  holdfast.write('weights.safetensors', safetensorsFile(6_000));
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm', '--store', 'plainstore']);
  const removed = await holdfast.succeed(['rm', 'm:1', '--yes']);
  expect(removed.stderr).toContain('their store cannot be cleaned');
  const { stdout, stderr } = await holdfast.succeed(['gc', '--store', 'plainstore', '--grace', '0']);
  expect(stdout).toContain('never collected');
  expect(stderr).toContain('Nothing to collect.');
  expect(holdfast.read('data/thesis.tex').toString()).toBe('text');
  expect(holdfast.read('data/tmp/notes').toString()).toBe('text');
});

test('what means nothing in a plain store is refused by its name', async () => {
  using holdfast = withPlainStore();
  holdfast.write('holdfast.yaml', configuration.replace('layout: plain', 'layout: plain, busyTimeoutMs: 5'));
  const { exitCode, stderr } = await holdfast.run(['ls']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('stores.plainstore.busyTimeoutMs 5 means nothing with layout: plain');
});
