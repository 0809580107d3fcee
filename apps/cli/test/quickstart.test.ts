import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

interface Report {
  readonly folder: string;
  readonly durationMs: number;
  readonly steps: readonly {
    readonly command: string;
    readonly exitCode: number;
    readonly answers: readonly object[];
    readonly notes: readonly string[];
  }[];
}

test('the tour shows every step, finds the flipped bit and repairs it', async () => {
  using holdfast = new Holdfast();
  const { stdout, stderr } = await holdfast.succeed(['quickstart', '--folder', 'tour']);
  expect(stderr).toBe('');
  for (const part of [
    '$ holdfast put model.onnx',
    'nothing was written twice',
    '$ holdfast alias',
    '$ holdfast ls',
    '$ holdfast show',
    'byte for byte',
    'Flipped one bit',
    'Affected: fault-classifier:1, fault-classifier:2',
    'What to try next',
    holdfast.path('tour'),
  ]) {
    expect(stdout).toContain(part);
  }
  expect(await holdfast.json(['verify'], { workingFolder: holdfast.path('tour') })).toMatchObject({
    isIntact: true,
  });
  expect(holdfast.files().every((path) => path.startsWith('work/tour/'))).toBe(true);
});

test('with --json the tour is a report, in a new temporary folder, whatever is configured', async () => {
  using holdfast = new Holdfast();
  const environment = { HOLDFAST_STORES_DEFAULT_ROOT: holdfast.path('precious') };
  const report = await holdfast.json<Report>(['quickstart'], { environment });
  expect(existsSync(report.folder)).toBe(true);
  expect(report.durationMs).toBeLessThan(15_000);
  expect(report.steps.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0]);
  expect(report.steps[2]?.answers).toMatchObject([{ isDuplicate: true }]);
  expect(report.steps[9]?.answers).toMatchObject([
    { affected: ['fault-classifier:1', 'fault-classifier:2'] },
  ]);
  expect(readdirSync(holdfast.folder)).toEqual([]);
});

test('the tour takes no folder that holds something', async () => {
  using holdfast = new Holdfast();
  holdfast.write('mine/precious', 'x');
  const run = await holdfast.run(['quickstart', '--folder', 'mine']);
  expect(run.exitCode).toBe(4);
  expect(holdfast.files()).toEqual(['work/mine/precious']);
});
