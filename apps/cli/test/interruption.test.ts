import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Holdfast, finish } from './support/holdfast.ts';
import { sampleBytes } from './support/sample-files.ts';

const largeBytes = 400_000_000;

/** Generous, for machines that do other things too; what is promised is a second. */
const patienceMs = 3_000;

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 4_000; round += 1) {
    if (holds()) return;
    await delay(5);
  }
  throw new Error('it never came');
}

function largeFile(holdfast: Holdfast, name: string): string {
  const path = holdfast.path(name);
  const file = openSync(path, 'w');
  ftruncateSync(file, largeBytes);
  closeSync(file);
  return path;
}

function storeFiles(holdfast: Holdfast, folder: string): readonly string[] {
  return holdfast.files().filter((path) => path.includes(`/store/${folder}/`));
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends a put from a pipe that stays open with %i, and leaves nothing',
  async (signal, exitCode) => {
    using holdfast = new Holdfast();
    await holdfast.succeed(['init']);
    const before = holdfast.files();
    const child = holdfast.start(['put', '-', '--name', 'm']);
    const ended = finish(child);
    child.stdin.on('error', () => undefined);
    child.stdin.write(sampleBytes(5_000_000, 1));
    await until(() => storeFiles(holdfast, 'tmp').length > 0);
    const askedMs = performance.now();
    child.kill(signal);
    const run = await ended;
    expect(performance.now() - askedMs).toBeLessThan(patienceMs);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toContain('Nothing was saved.\n  Interrupted.');
    expect(holdfast.files()).toEqual(before);
    expect((await holdfast.succeed(['ls', '--names'])).stdout).toBe('');
  },
);

test('Ctrl-C ends a put of a large file, and leaves nothing', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  largeFile(holdfast, 'large');
  const before = holdfast.files();
  const child = holdfast.start(['put', 'large', '--name', 'm']);
  const ended = finish(child);
  await until(() => storeFiles(holdfast, 'tmp').length > 0);
  child.kill('SIGINT');
  expect((await ended).exitCode).toBe(130);
  expect(holdfast.files()).toEqual(before);
});

test('Ctrl-C ends a get, into a file or to a reader that reads no more, and leaves nothing', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  largeFile(holdfast, 'large');
  await holdfast.succeed(['put', 'large', '--name', 'm']);
  const before = holdfast.files();

  const toFile = holdfast.start(['get', 'm', '-o', 'copy']);
  const fileEnded = finish(toFile);
  await until(() => readdirSync(holdfast.folder).some((name) => name.endsWith('.partial')));
  toFile.kill('SIGINT');
  expect((await fileEnded).exitCode).toBe(130);
  expect(holdfast.files()).toEqual(before);

  const toPipe = holdfast.start(['get', 'm', '-o', '-']);
  await new Promise((resolve) => toPipe.stdout.once('readable', resolve));
  await delay(100);
  const askedMs = performance.now();
  const pipeEnded = new Promise((resolve) => toPipe.once('exit', resolve));
  toPipe.kill('SIGINT');
  expect(await pipeEnded).toBe(130);
  expect(performance.now() - askedMs).toBeLessThan(patienceMs);
  expect(holdfast.files()).toEqual(before);
});

test('progress comes as plain lines where there is no terminal, and not at all with --quiet or --json', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  const start = (...flags: readonly string[]) => {
    const name = ['model', ...flags].join('').replaceAll('-', '');
    const child = holdfast.start(['put', '-', '--name', name, ...flags]);
    child.stdin.write(sampleBytes(9_000_000, 1));
    return { child, ended: finish(child) };
  };
  const [plain, quiet, json] = [start(), start('--quiet'), start('--json')];
  await once(plain.child.stderr, 'data');
  for (const { child } of [plain, quiet, json]) child.stdin.end();
  expect((await plain.ended).stderr).toMatch(/^Saving standard input/);
  expect(await quiet.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await json.ended).toMatchObject({ exitCode: 0, stderr: '' });
});
