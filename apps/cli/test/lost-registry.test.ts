import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

test('a damaged registry names the way out, and the way leads there', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('file', 'bytes');
  await holdfast.succeed(['put', 'file', '--name', 'm']);
  await holdfast.succeed(['backup', 'backup.tar']);
  const database = holdfast.path('.holdfast', 'registry.db');
  const away = holdfast.path('away');
  mkdirSync(away);
  for (const wayOut of [
    ['registry', 'rebuild', 'default', '--yes'],
    ['restore', 'backup.tar', '--yes'],
  ]) {
    writeFileSync(database, 'no database '.repeat(1_000));
    for (const commandLine of [['ls'], wayOut]) {
      const { exitCode, stderr } = await holdfast.run(commandLine);
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(
        /→ [^\n]*Move it to another folder, with the -wal and -shm [^\n]*holdfast restore FILE, or holdfast registry rebuild STORE/,
      );
    }
    renameSync(database, `${away}/registry.db`);
    for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
    await holdfast.succeed(wayOut);
    await holdfast.succeed(['verify']);
    await holdfast.succeed(['get', 'm', '-o', 'restored', '--force']);
    expect(holdfast.read('restored').toString()).toBe('bytes');
  }
}, 120_000);
