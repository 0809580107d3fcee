import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

interface Put {
  readonly version: { readonly fileCount: number; readonly totalSizeBytes: number };
  readonly warnings: readonly string[];
}

async function project(): Promise<Holdfast> {
  const holdfast = new Holdfast();
  onTestFinished(() => holdfast[Symbol.dispose]());
  await holdfast.succeed(['init']);
  return holdfast;
}

test('a project folder never holds its own store, registry or .git, however often it is saved', async () => {
  const holdfast = await project();
  holdfast.write('m.bin', 'x\n');
  holdfast.write('.git/HEAD', 'ref');
  for (let round = 0; round < 3; round++) {
    const put = await holdfast.json<Put>(['put', '.', '--name', 'p']);
    expect(put.version).toMatchObject({ fileCount: 2 });
    expect(put.warnings.join('\n')).toContain('never go into a version: .git, .holdfast.');
  }
  for (const path of ['.holdfast', '.holdfast/store', '.holdfast/registry.db', '.holdfast/store/index.db']) {
    const refused = await holdfast.run(['put', path, '--name', 'p']);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  }
});

test('a CoreML package keeps the empty folder that its manifest names, and a program its executable bit', async () => {
  const holdfast = await project();
  mkdirSync(holdfast.path('m.mlpackage/Data/com.apple.CoreML/weights'), { recursive: true });
  holdfast.write('m.mlpackage/Manifest.json', '{}');
  await holdfast.succeed(['put', 'm.mlpackage', '--name', 'm']);
  await holdfast.succeed(['get', 'm', '-o', 'back']);
  expect(statSync(holdfast.path('back/Data/com.apple.CoreML/weights')).isDirectory()).toBe(true);
  chmodSync(holdfast.write('run', '#!/bin/sh\n'), 0o755);
  await holdfast.succeed(['put', 'run', '--name', 'run']);
  await holdfast.succeed(['get', 'run', '-o', 'again']);
  expect(statSync(holdfast.path('again')).mode & 0o100).toBe(0o100);
});

test('links that lead out of a folder are refused, with the way to allow them', async () => {
  const holdfast = await project();
  holdfast.write('secret', 'x');
  mkdirSync(holdfast.path('f'));
  symlinkSync(holdfast.path('secret'), holdfast.path('f/link'));
  const refused = await holdfast.run(['put', 'f', '--name', 'm']);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain('leads out of the folder');
  expect(refused.stderr).toContain('--follow-links');
});
