import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flipBit } from './support/flip-bit.ts';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

const bytes = safetensorsFile(6_000);
const database = 'database: { url: sqlite:.holdfast/registry.db }';
const stores = {
  default: 'default: { backend: local_filesystem, root: .holdfast/store, durability: none }',
  second: 'second: { backend: local_filesystem, root: second, durability: none }',
};

function configure(holdfast: Holdfast, names: readonly (keyof typeof stores)[], settings = ''): void {
  const lines = names.map((name) => `  ${stores[name]}\n`).join('');
  holdfast.write('holdfast.yaml', `version: 1\nstores:\n${lines}${database}\n${settings}`);
}

/** A version in two stores. */
async function mirrored(): Promise<Holdfast> {
  const holdfast = new Holdfast();
  configure(holdfast, ['default', 'second']);
  holdfast.write('w.bin', bytes);
  await holdfast.succeed(['put', 'w.bin', '--name', 'm']);
  await holdfast.succeed(['mirror', 'default', 'second']);
  return holdfast;
}

function dataFile(holdfast: Holdfast, folder: string): string {
  const root = join(holdfast.folder, '..');
  const paths = holdfast.files().filter((path) => path.includes(`${folder}/data/`));
  return join(root, paths.find((path) => readFileSync(join(root, path)).equals(bytes)) ?? 'not found');
}

test('get reads the copy when the first place is damaged, says how to repair it, and that command repairs it', async () => {
  using holdfast = await mirrored();
  flipBit(dataFile(holdfast, '.holdfast/store'), bytes.subarray(200, 264));
  const get = await holdfast.succeed(['get', 'm', '-o', 'copy']);
  expect(holdfast.read('copy').equals(bytes)).toBe(true);
  const repair = 'holdfast verify m:1 --store default --repair-from second';
  expect(get.stderr).toContain('1 object of m:1 is damaged in the store default. It was read from second.');
  expect(get.stderr).toContain(repair);
  const named = await holdfast.run(['get', 'm', '-o', '-', '--store', 'default']);
  expect(named.exitCode).toBe(6);
  await holdfast.succeed(repair.split(' ').slice(1));
  expect(
    (await holdfast.succeed(['get', 'm', '-o', '-', '--store', 'default'])).stdoutBytes.equals(bytes),
  ).toBe(true);
});

test('mirror repairs what a load has found damaged, and so does a put', async () => {
  using holdfast = await mirrored();
  for (const repair of [
    ['mirror', 'second', 'default'],
    ['put', 'w.bin', '--name', 'm'],
  ]) {
    const path = dataFile(holdfast, '.holdfast/store');
    flipBit(path, bytes.subarray(200, 264));
    expect((await holdfast.run(['get', 'm:1', '-o', '-', '--store', 'default'])).exitCode).toBe(6);
    expect((await holdfast.succeed(repair)).stderr).not.toContain('nothing was written twice');
    const get = await holdfast.succeed(['get', 'm:1', '-o', '-', '--store', 'default']);
    expect([repair, get.stdoutBytes.equals(bytes)]).toEqual([repair, true]);
  }
});

test('get reads the copy when the first place is gone or left the configuration, and says so', async () => {
  using holdfast = await mirrored();
  configure(holdfast, ['second'], 'defaultStore: second\n');
  const left = await holdfast.json<{ warnings: readonly string[] }>(['get', 'm', '-o', 'copy']);
  expect(left.warnings).toEqual([expect.stringContaining('stored in default, which is not configured')]);
  expect(holdfast.read('copy').equals(bytes)).toBe(true);
  configure(holdfast, ['default', 'second']);
  renameSync(holdfast.path('.holdfast', 'store'), holdfast.path('elsewhere'));
  const gone = await holdfast.succeed(['get', 'm', '-o', '-']);
  expect(gone.stdoutBytes.equals(bytes)).toBe(true);
  expect(gone.stderr).toContain('The store default is gone');
  expect(gone.stderr).toContain('holdfast mirror second default --refill');
  renameSync(holdfast.path('elsewhere'), holdfast.path('.holdfast', 'store'));
  chmodSync(dataFile(holdfast, '.holdfast/store'), 0o644);
  rmSync(dataFile(holdfast, '.holdfast/store'));
  expect((await holdfast.succeed(['get', 'm', '-o', '-'])).stderr).toContain('--repair-from second');
});

test('a store whose disk has vanished is no empty store: nothing is written there until it is back or refilled', async () => {
  using holdfast = await mirrored();
  const store = holdfast.path('.holdfast', 'store');
  renameSync(store, holdfast.path('elsewhere'));
  const refused = async (commandLine: readonly string[]): Promise<void> => {
    const run = await holdfast.run(commandLine);
    expect([commandLine, run.exitCode]).toEqual([commandLine, 5]);
    expect(run.stderr).toContain('The store default is gone: 1 object was saved into it');
    expect(run.stderr).toContain('holdfast mirror OTHER default --refill');
  };
  await refused(['put', 'w.bin', '--name', 'm']);
  await refused(['mirror', 'default', 'second']);
  await refused(['gc']);
  const doctor = await holdfast.run(['doctor']);
  expect([doctor.exitCode, doctor.stdout]).toEqual([1, expect.stringContaining('The store default is gone')]);
  mkdirSync(store);
  await refused(['get', 'm', '-o', '-', '--store', 'default']);
  await refused(['mirror', 'second', 'default']);
  const verify = await holdfast.run(['verify']);
  expect([verify.exitCode, verify.stdout]).toEqual([6, expect.stringContaining('Its object was not read.')]);
  expect(verify.stderr).toContain('error: 1 store could not be read.');
  expect(existsSync(join(store, 'index.db'))).toBe(false);
  await holdfast.succeed(['mirror', 'second', 'default', '--refill']);
  await holdfast.succeed(['verify']);
  await holdfast.succeed(['put', 'w.bin', '--name', 'm']);
  expect(
    (await holdfast.succeed(['get', 'm', '-o', '-', '--store', 'default'])).stdoutBytes.equals(bytes),
  ).toBe(true);
});

test('store retire brings elsewhere what only that store has; then it can leave the configuration', async () => {
  using holdfast = await mirrored();
  await holdfast.succeed(['put', 'holdfast.yaml', '--name', 'alone']);
  const plan = await holdfast.succeed(['store', 'retire', 'default', '--dry-run']);
  expect(plan.stderr).toMatch(/1 safe elsewhere, 2 would be copied/);
  const retired = await holdfast.succeed(['store', 'retire', 'default']);
  expect(retired.stderr).toMatch(/The store default is retired \(3 objects: 1 safe elsewhere, 2 copied\)/);
  const put = await holdfast.run(['put', 'w.bin', '--name', 'm']);
  expect([put.exitCode, put.stderr]).toEqual([
    7,
    expect.stringContaining('holdfast store retire default --undo'),
  ]);
  configure(holdfast, ['second'], 'defaultStore: second\n');
  rmSync(holdfast.path('.holdfast', 'store'), { recursive: true });
  expect((await holdfast.succeed(['get', 'm', '-o', '-'])).stdoutBytes.equals(bytes)).toBe(true);
  const verify = await holdfast.succeed(['verify']);
  expect(verify.stderr).toContain('2 objects');
  expect((await holdfast.run(['store', 'retire', 'second', '--lost'])).exitCode).toBe(2);
  configure(holdfast, ['default', 'second']);
  await holdfast.succeed(['store', 'retire', 'default', '--undo']);
  await holdfast.succeed(['put', 'w.bin', '--name', 'm']);
});

test('mirror --move leaves nothing in the first store, which goes on taking objects', async () => {
  using holdfast = await mirrored();
  await holdfast.succeed(['put', 'holdfast.yaml', '--name', 'alone']);
  const moved = await holdfast.succeed(['mirror', 'default', 'second', '--move']);
  expect(moved.stderr).toMatch(/4 objects deleted from default; second has them\./);
  expect(
    (await holdfast.succeed(['get', 'm', '-o', '-', '--store', 'second'])).stdoutBytes.equals(bytes),
  ).toBe(true);
  expect((await holdfast.run(['get', 'm', '-o', '-', '--store', 'default'])).exitCode).not.toBe(0);
  await holdfast.succeed(['verify']);
  await holdfast.succeed(['put', 'w.bin', '--name', 'm']);
});
