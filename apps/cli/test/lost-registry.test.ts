import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('verify does not call a store intact of which the registry was lost', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('file', 'bytes');
  await holdfast.succeed(['put', 'file', '--name', 'm']);
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(holdfast.path('.holdfast', `registry.db${suffix}`), { force: true });
  const run = await holdfast.run(['verify']);
  expect(run).toMatchObject({ exitCode: 7, stdout: '' });
  expect(run.stderr).toContain('holdfast registry rebuild default');
  using empty = new Holdfast();
  await empty.succeed(['init']);
  await empty.succeed(['verify']);
});
