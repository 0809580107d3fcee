import { existsSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('nothing is written over, into or around what a project keeps, not even with --force', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('folder/x', 'x');
  holdfast.write('file', 'y'.repeat(50_000));
  await holdfast.succeed(['put', 'folder', '--name', 'folder']);
  await holdfast.succeed(['put', 'file', '--name', 'file']);
  mkdirSync(holdfast.path('beside'));
  for (const commandLine of [
    ['get', 'folder', '-o', '.holdfast'],
    ['get', 'folder', '-o', '.holdfast/store'],
    ['get', 'folder', '-o', '.holdfast/store/data/zz'],
    ['get', 'file', '-o', '.holdfast/registry.db'],
    ['get', 'file', '-o', '.holdfast/registry.db-wal'],
    ['get', 'file', '-o', '.holdfast/store/index.db'],
    ['get', 'file', '-o', 'holdfast.yaml'],
    ['backup', '.holdfast/registry.db'],
  ]) {
    const run = await holdfast.run([...commandLine, '--force']);
    expect([commandLine, run.exitCode, run.stdout]).toEqual([commandLine, 7, '']);
    expect(run.stderr).toContain('so nothing is written there');
  }
  expect(existsSync(holdfast.path('.holdfast', 'store', 'data', 'zz'))).toBe(false);
  await holdfast.succeed(['get', 'folder', '-o', 'beside', '--force']);
  await holdfast.succeed(['verify']);
});
