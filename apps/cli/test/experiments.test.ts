import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('an experiment is created, its runs log metrics, and the best one is found', async () => {
  using holdfast = new Holdfast();
  const create = ['experiment', 'create', 'bearing faults', '--tag', 'team=vibration'];
  expect((await holdfast.succeed(create)).stdout).toBe('bearing faults\n');
  expect((await holdfast.run(create)).exitCode).toBe(4);
  const start = async (...more: readonly string[]) =>
    (await holdfast.succeed(['run', 'create', 'bearing faults', ...more])).stdout.trim();
  const first = await start('--param', 'lr=0.1', '--name', 'baseline');
  const second = await start('--param', 'lr=0.2');
  await holdfast.succeed(['run', 'log', first, 'loss=0.5', 'accuracy=nan', '--step', '1']);
  await holdfast.succeed(['run', 'log', first, 'loss=0.25', '--step', '2']);
  await holdfast.succeed(['run', 'log', second, 'loss=-inf', '--param', 'batch=32']);

  const best = await holdfast.succeed([
    'run',
    'ls',
    'bearing faults',
    '--best',
    'loss',
    '--lowest',
    '--json',
  ]);
  const lines = best.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: second, value: '-inf', parameters: { lr: '0.2', batch: '32' } },
    { id: first, value: 0.25 },
  ]);
  const listed = await holdfast.succeed(['run', 'ls', 'bearing faults']);
  expect(listed.stdout.indexOf(second)).toBeLessThan(listed.stdout.indexOf(first));
  expect((await holdfast.succeed(['run', 'ls', 'bearing faults', '--best', 'accuracy'])).stderr).toContain(
    'No run has a value of accuracy.',
  );
  expect(await holdfast.json(['run', 'show', first])).toMatchObject({
    experiment: 'bearing faults',
    metrics: [
      { name: 'accuracy', last: { value: 'nan' } },
      { name: 'loss', count: 2, last: { step: 2, value: 0.25 }, least: 0.25, greatest: 0.5 },
    ],
  });
  const curve = await holdfast.succeed(['run', 'show', first, '--metric', 'loss']);
  expect(curve.stdout).toMatch(/^1\t\S+\t0\.5\n2\t\S+\t0\.25\n$/);
  expect((await holdfast.succeed(['experiment', 'show', 'bearing faults'])).stdout).toContain('baseline');
  const completed = await holdfast.succeed(['completion', '--list', 'experiment']);
  expect(completed.stdout).toBe('bearing faults\n');
});

test('what cannot be done with a run is refused with its exit code, and nothing is changed', async () => {
  using holdfast = new Holdfast();
  expect((await holdfast.run(['run', 'create', 'nothing'])).exitCode).toBe(3);
  await holdfast.succeed(['experiment', 'create', 'faults']);
  const id = (await holdfast.succeed(['run', 'create', 'faults'])).stdout.trim();
  for (const wrong of [
    ['log', id],
    ['log', id, 'loss=high'],
    ['log', id, 'loss=1', '--step', '1.5'],
    ['end', id, '--status', 'running'],
    ['ls', 'faults', '--lowest'],
    ['ls', 'faults', '--status', 'lost'],
  ])
    expect((await holdfast.run(['run', ...wrong])).exitCode, wrong.join(' ')).toBe(2);
  expect((await holdfast.run(['run', 'show', 'no-such-run'])).exitCode).toBe(3);
  expect((await holdfast.run(['experiment', 'rm', 'faults'])).exitCode).toBe(7);
  await holdfast.succeed(['run', 'end', id, '--status', 'killed']);
  expect((await holdfast.run(['run', 'log', id, 'loss=1'])).exitCode).toBe(2);
  expect(await holdfast.json(['run', 'show', id])).toMatchObject({ status: 'killed', metrics: [] });
  await holdfast.succeed(['run', 'rm', id]);
  await holdfast.succeed(['experiment', 'rm', 'faults']);
  expect((await holdfast.succeed(['experiment', 'ls'])).stdout).toBe('');
});
