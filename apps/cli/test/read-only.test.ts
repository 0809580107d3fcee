import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateMounts } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Holdfast, type Run } from './support/holdfast.ts';

const mounts = privateMounts();

let holdfast: Holdfast;
let data: string;

beforeEach(async () => {
  holdfast = new Holdfast();
  data = join(holdfast.launch([]).environment['XDG_DATA_HOME'] ?? '', 'holdfast');
  await holdfast.succeed(['put', holdfast.write('small', 'small'), '--name', 'small']);
  await holdfast.succeed(['put', holdfast.write('large', 'x'.repeat(50_000)), '--name', 'large']);
});

afterEach(() => holdfast[Symbol.dispose]());

/** Runs the program where everything that Holdfast keeps lies on a read-only mount. */
function runMounted(commandLine: readonly string[]): Promise<Run> {
  const script = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; exec "$@"';
  return holdfast.run(commandLine, { through: [...(mounts ?? []), 'sh', '-e', '-c', script, 'sh', data] });
}

describe.skipIf(mounts === undefined)('with a read-only store and registry', () => {
  test.each([
    ['ls'],
    ['show', 'large:1'],
    ['get', 'small:1', '--output', 'small.out'],
    ['get', 'large:1', '--output', 'large.out'],
    ['inspect', 'large:1'],
    ['verify'],
    ['migrate'],
  ])('%s works', async (...commandLine) => {
    expect(await runMounted(commandLine)).toMatchObject({ exitCode: 0 });
    expect(holdfast.leftovers()).toEqual([]);
  });

  test('doctor says so, and finds nothing wrong', async () => {
    const run = await runMounted(['doctor']);
    expect(run.stdout).toContain('read-only');
    expect(run.exitCode).toBe(0);
  });

  test('verify finds damage, and ends with it', async () => {
    const folder = join(data, 'store', 'data');
    const name = readdirSync(folder, { recursive: true }).find((path) => String(path).includes('/'));
    const path = join(folder, String(name));
    chmodSync(path, 0o644);
    writeFileSync(path, 'y'.repeat(50_000));
    const run = await runMounted(['verify']);
    expect(run.exitCode).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('large:1');
  });

  test.each([
    ['put', 'small', '--name', 'new'],
    ['tag', 'large', 'a=b'],
    ['alias', 'large', 'prod', '1'],
    ['rm', 'large:1', '--yes'],
    ['gc'],
  ])('%s is refused with a hint, and nothing is left', async (...commandLine) => {
    const before = holdfast.files();
    const run = await runMounted(commandLine);
    expect(run.exitCode).toBeGreaterThan(0);
    expect(run.stderr).toMatch(/→ .*(?:writ|read)/);
    expect(run.stderr).not.toMatch(/node:|\bat \w+/);
    expect(holdfast.files()).toEqual(before);
  });
});
