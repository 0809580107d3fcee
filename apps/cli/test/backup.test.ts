import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Holdfast, finish } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

/** Each test starts the program many times. */
vi.setConfig({ testTimeout: 120_000 });

const largeBytes = 300_000_000;

interface Answer {
  readonly versionCount: number;
  readonly objectCount: number;
  readonly isTakenOver: boolean;
  readonly findings: readonly unknown[];
}

async function filled(): Promise<Holdfast> {
  const holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('weights.safetensors', safetensorsFile(60_000));
  holdfast.write('folder/a.txt', 'a');
  holdfast.write('folder/b/c.txt', 'c');
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'team/m', '--tag', 'stage=dev']);
  await holdfast.succeed(['put', 'folder', '--name', 'tree']);
  await holdfast.succeed(['alias', 'team/m', 'champion', '1']);
  return holdfast;
}

async function lines(holdfast: Holdfast): Promise<readonly string[]> {
  const names = ['team/m', 'tree'];
  const runs = await Promise.all(names.map((name) => holdfast.succeed(['ls', name, '--json'])));
  return runs.map(({ stdout }) => stdout);
}

function lose(holdfast: Holdfast, part = ''): void {
  if (part === '') rmSync(holdfast.path('.holdfast'), { recursive: true });
  for (const name of part === '' ? [] : readdirSync(holdfast.path('.holdfast'))) {
    if (name.startsWith(part)) rmSync(holdfast.path('.holdfast', name), { recursive: true });
  }
}

function partials(holdfast: Holdfast): readonly string[] {
  return readdirSync(holdfast.folder).filter((name) => name.endsWith('.partial'));
}

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 6_000; round += 1) {
    if (holds()) return;
    await delay(5);
  }
  throw new Error('it never came');
}

function largeFile(holdfast: Holdfast): void {
  const file = openSync(holdfast.path('large'), 'w');
  ftruncateSync(file, largeBytes);
  closeSync(file);
}

test('everything comes back after everything was lost, and is as it was', async () => {
  using holdfast = await filled();
  const before = await lines(holdfast);
  const made = await holdfast.json<Answer>(['backup', 'all.hfb']);
  expect(made).toMatchObject({ versionCount: 2, objectCount: 4, skipped: [], warnings: [] });
  expect(spawnSync('tar', ['tf', holdfast.path('all.hfb')], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
  lose(holdfast);
  expect(await holdfast.json<Answer>(['restore', 'all.hfb'])).toMatchObject({
    missing: [],
    isTakenOver: false,
  });
  expect(await lines(holdfast)).toEqual(before);
  await holdfast.succeed(['verify']);
  expect((await holdfast.succeed(['gc'])).stderr).toContain('Nothing to collect.');
  await holdfast.succeed(['get', 'team/m@champion', '-o', 'copy']);
  expect(holdfast.read('copy')).toEqual(holdfast.read('weights.safetensors'));
  expect(holdfast.leftovers()).toEqual([]);

  const again = await holdfast.run(['restore', 'all.hfb']);
  expect(again.exitCode).toBe(4);
  expect(again.stderr).toContain('--set database.url');
});

test('a backup goes through a pipe', async () => {
  using holdfast = await filled();
  const { stdoutBytes } = await holdfast.succeed(['backup', '-']);
  using other = new Holdfast();
  await other.succeed(['init']);
  const run = await other.run(['restore', '-', '--json'], { input: stdoutBytes });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await lines(other)).toEqual(await lines(holdfast));
  const elsewhere = ['--set', 'database.url=sqlite:other.db', '--set', 'stores.default.root=other-store'];
  const cut = await other.run(['restore', '-', ...elsewhere], {
    input: stdoutBytes.subarray(0, -600),
  });
  expect(cut.exitCode).toBe(6);
  expect(cut.stderr).toContain('The backup is damaged');
});

test('what cannot be is refused, and nothing is left of it', async () => {
  using holdfast = await filled();
  await holdfast.succeed(['backup', 'all.hfb']);
  writeFileSync(holdfast.path('cut.hfb'), holdfast.read('all.hfb').subarray(0, 9_000));
  const before = holdfast.files();
  const expectRefusal = async (commandLine: readonly string[], exitCode: number, says: string) => {
    const run = await holdfast.run(commandLine);
    expect([run.exitCode, run.stdout], run.stderr).toEqual([exitCode, '']);
    expect(run.stderr).toContain(says);
  };
  await expectRefusal(['backup', 'all.hfb'], 4, '--force');
  await expectRefusal(['backup', 'folder'], 2, 'folder');
  await expectRefusal(['backup', 'none/all.hfb'], 3, 'none');
  await expectRefusal(['backup', '-', '--json'], 2, '--json');
  await expectRefusal(['restore', 'none.hfb'], 3, 'none.hfb');
  await expectRefusal(['restore', 'folder'], 2, 'folder');
  await expectRefusal(['registry', 'rebuild', 'default'], 4, 'models already');
  expect(holdfast.files()).toEqual(before);
  const fresh = ['--set', 'database.url=sqlite:fresh.db'];
  await expectRefusal(['restore', 'cut.hfb', ...fresh], 6, 'ends after 9000 bytes');
  await expectRefusal(['restore', 'weights.safetensors', ...fresh], 6, 'damaged');
  await expectRefusal(['restore', 'all.hfb', ...fresh], 7, '--yes');
  await expectRefusal(['restore', 'all.hfb', '--store', 'none', ...fresh], 2, 'default');
  await expectRefusal(['registry', 'rebuild', 'default', ...fresh], 7, '--yes');
  await expectRefusal(['registry', 'rebuild', 'none', ...fresh], 2, 'default');
  const added = holdfast.files().filter((path) => !before.includes(path));
  expect(added).toEqual(['work/fresh.db']);
});

test('a damaged object is told with its versions; left out on request, with exit code 6', async () => {
  using holdfast = await filled();
  const [data = ''] = holdfast.files().filter((path) => path.includes('/store/data/'));
  const path = holdfast.path('..', data);
  writeFileSync(path, Buffer.alloc(statSync(path).size, 'x'));
  const failed = await holdfast.run(['backup', 'all.hfb']);
  expect(failed.exitCode).toBe(6);
  expect(failed.stderr).toContain('team/m:1 needs the object');
  expect(partials(holdfast)).toEqual([]);
  const made = await holdfast.run(['backup', 'all.hfb', '--skip-damaged']);
  expect(made.exitCode).toBe(6);
  expect(made.stderr).toContain('team/m:1 cannot be restored');
  lose(holdfast);
  const restored = await holdfast.run(['restore', 'all.hfb']);
  expect(restored.exitCode).toBe(6);
  expect((await holdfast.run(['verify'])).stderr).toContain('team/m:1');
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'again']);
  await holdfast.succeed(['verify']);
});

test('a killed backup and a killed restore are run again; nothing is left of them', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  largeFile(holdfast);
  await holdfast.succeed(['put', 'large', '--name', 'm']);
  const killed = holdfast.start(['backup', 'all.hfb']);
  const killedEnd = finish(killed);
  await until(() => partials(holdfast).some((name) => statSync(holdfast.path(name)).size > 1_000_000));
  killed.kill('SIGKILL');
  await killedEnd;
  expect(partials(holdfast)).toHaveLength(1);

  const interrupted = holdfast.start(['backup', 'all.hfb']);
  const interruptedEnd = finish(interrupted);
  await until(() => partials(holdfast).some((name) => name.includes(`-${interrupted.pid}.`)));
  interrupted.kill('SIGINT');
  expect((await interruptedEnd).exitCode).toBe(130);
  expect(partials(holdfast)).toEqual([]);
  await holdfast.succeed(['backup', 'all.hfb']);
  expect(holdfast.files().filter((path) => path.endsWith('.spool'))).toEqual([]);

  lose(holdfast);
  const inStore = (): boolean => holdfast.files().some((path) => path.includes('/store/tmp/'));
  const restoring = holdfast.start(['restore', 'all.hfb']);
  const restoringEnd = finish(restoring);
  await until(inStore);
  restoring.kill('SIGKILL');
  await restoringEnd;
  expect((await holdfast.succeed(['ls', '--names'])).stdout).toBe('');
  const stopping = holdfast.start(['restore', 'all.hfb']);
  const stoppingEnd = finish(stopping);
  await until(() => holdfast.files().filter((path) => path.includes('/store/tmp/')).length > 1);
  stopping.kill('SIGINT');
  expect((await stoppingEnd).exitCode).toBe(130);
  await holdfast.succeed(['restore', 'all.hfb']);
  await holdfast.succeed(['gc']);
  await holdfast.succeed(['verify']);
  expect(holdfast.leftovers()).toEqual([]);
});

test('a lost database comes back from the store, with what the last backup knows', async () => {
  using holdfast = await filled();
  const before = await lines(holdfast);
  await holdfast.succeed(['backup', 'registry.hfb', '--registry-only']);
  expect(holdfast.read('registry.hfb').byteLength).toBeLessThan(20_000);
  lose(holdfast, 'registry.db');
  const rebuilt = await holdfast.json<Answer>(['registry', 'rebuild', 'default', '--yes']);
  expect(rebuilt).toMatchObject({ versionCount: 2, isTakenOver: true, findings: [] });
  expect((await holdfast.succeed(['ls', 'team/m', '--json'])).stdout).toContain('"aliases":[]');
  lose(holdfast, 'registry.db');
  const commandLine = ['registry', 'rebuild', 'default', '--backup', 'registry.hfb', '--yes'];
  expect(await holdfast.json<Answer>(commandLine)).toMatchObject({ findings: [] });
  expect(await lines(holdfast)).toEqual(before);
  lose(holdfast, 'registry.db');
  await holdfast.succeed(['restore', 'registry.hfb', '--yes']);
  expect(await lines(holdfast)).toEqual(before);
  await holdfast.succeed(['verify']);
  expect((await holdfast.succeed(['gc'])).stderr).toContain('Nothing to collect.');
});

test('a store that lost its index is mended, and the error of every other command says how', async () => {
  using holdfast = await filled();
  await holdfast.succeed(['gc']);
  for (const name of readdirSync(holdfast.path('.holdfast/store')))
    if (name.startsWith('index.db')) rmSync(holdfast.path('.holdfast/store', name));
  const failed = await holdfast.run(['get', 'team/m', '-o', 'copy']);
  expect(failed.exitCode).toBe(6);
  expect(failed.stderr).toContain('holdfast registry rebuild');
  const mended = await holdfast.succeed(['registry', 'rebuild', 'default']);
  expect(mended.stderr).toContain('has its index again');
  expect(mended.stderr).toContain('was not changed');
  await holdfast.succeed(['verify']);
});
