import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
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

test('what a project keeps, and its backups, are for their owner only', async () => {
  const holdfast = await project();
  holdfast.write('m.bin', 'x'.repeat(50_000));
  await holdfast.succeed(['put', 'm.bin', '--name', 'm']);
  await holdfast.succeed(['backup', 'models.hfb']);
  const kept = holdfast
    .files()
    .filter((path) => path.startsWith('work/.holdfast/') && !path.endsWith('.gitignore'));
  expect(kept.length).toBeGreaterThan(3);
  for (const path of ['work/.holdfast', 'work/models.hfb', ...kept]) {
    const { mode } = statSync(holdfast.path('..', path));
    expect([path, mode & 0o077]).toEqual([path, 0]);
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

test('what is neither a file nor a folder is refused at once, whatever the command', async () => {
  const holdfast = await project();
  holdfast.write('m', 'x');
  await holdfast.succeed(['put', 'm', '--name', 'm']);
  execFileSync('mkfifo', [holdfast.path('pipe')]);
  symlinkSync('pipe', holdfast.path('link'));
  const server = createServer().listen(holdfast.path('socket'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const before = holdfast.files();
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['put', 'pipe', '--name', 'm'], /is a pipe, not a file.*cat pipe \| holdfast put -/s],
    [['put', 'socket', '--name', 'm'], /is a socket/],
    [['put', '/dev/tty', '--name', 'm'], /is a terminal or other device/],
    [['put', '/dev/null', '--name', 'm'], /is a terminal or other device/],
    [['inspect', '/dev/null'], /is a terminal or other device/],
    [['inspect', 'socket'], /is a socket/],
    [['restore', 'pipe'], /is a pipe/],
    [['backup', 'link', '--force'], /is a pipe/],
    [['get', 'm', '-o', 'link', '--force'], /is a pipe/],
    [['get', 'm', '-o', '/dev/null', '--force'], /is a terminal or other device/],
  ];
  for (const [commandLine, message] of refused) {
    const run = await holdfast.run(commandLine);
    expect([commandLine.join(' '), run.exitCode, run.stdout]).toEqual([commandLine.join(' '), 2, '']);
    expect(run.stderr).toMatch(message);
  }
  expect(holdfast.files()).toEqual(before);
});

test('a target that ends with a slash is a folder to write into', async () => {
  const holdfast = await project();
  holdfast.write('m.bin', 'x');
  holdfast.write('tree/file', 'y');
  holdfast.write('out/kept', 'z');
  await holdfast.succeed(['put', 'm.bin', '--name', 'm']);
  await holdfast.succeed(['put', 'tree', '--name', 'tree']);
  await holdfast.succeed(['get', 'm', '-o', 'out/']);
  await holdfast.succeed(['get', 'tree', '-o', 'out/']);
  await holdfast.succeed(['get', 'tree', '-o', 'new/']);
  expect(readdirSync(holdfast.path('out'))).toEqual(['kept', 'm.bin', 'tree']);
  expect(readdirSync(holdfast.path('out/tree'))).toEqual(['file']);
  expect(readdirSync(holdfast.path('new'))).toEqual(['file']);
  expect((await holdfast.run(['get', 'm', '-o', 'none/'])).exitCode).toBe(3);
  expect((await holdfast.run(['get', 'm', '-o', 'out/'])).exitCode).toBe(4);
  expect((await holdfast.run(['get', 'm', '-o', 'm.bin/', '--force'])).exitCode).toBe(3);
});
