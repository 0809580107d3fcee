import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { sampleBytes } from './support/sample-files.ts';

const processCount = 8;
const processes = Array.from({ length: processCount }, (_, index) => index);

test('of eight who move an alias at once, one wins and the others are told so', async () => {
  using holdfast = new Holdfast();
  holdfast.write('a', 'a');
  await holdfast.succeed(['put', 'a', '--name', 'm', '--alias', 'champion']);
  await holdfast.succeed(['put', 'a', '--name', 'm']);
  const runs = await Promise.all(
    processes.map(() => holdfast.run(['alias', 'm', 'champion', '2', '--expect', '1'])),
  );
  const codes = runs.map(({ exitCode }) => exitCode);
  expect(codes.filter((code) => code === 0)).toHaveLength(1);
  expect(codes.filter((code) => code === 4)).toHaveLength(processCount - 1);
  const { moves } = await holdfast.json<{ moves: object[] }>(['alias', 'm', 'champion', '--history']);
  expect(moves).toHaveLength(2);
});

test('eight puts at once, some of the same bytes, get eight numbers', async () => {
  using holdfast = new Holdfast();
  for (const index of processes) holdfast.write(`file${index}`, sampleBytes(30_000, index % 3));
  const runs = await Promise.all(
    processes.map((index) => holdfast.run(['put', `file${index}`, '--name', 'm'])),
  );
  expect(runs.map(({ exitCode, stderr }) => [exitCode, exitCode === 0 ? '' : stderr])).toEqual(
    processes.map(() => [0, '']),
  );
  const references = runs.map(({ stdout }) => stdout.trim()).toSorted();
  expect(new Set(references).size).toBe(processes.length);
  await holdfast.succeed(['verify']);
  expect(holdfast.leftovers()).toEqual([]);
  for (const [index, { stdout }] of runs.entries()) {
    const { stdoutBytes } = await holdfast.succeed(['get', stdout.trim(), '-o', '-']);
    expect(stdoutBytes.equals(sampleBytes(30_000, index % 3))).toBe(true);
  }
});
