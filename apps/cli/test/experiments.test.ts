import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('an experiment is created, its runs log metrics, and the best one is found', async () => {
  using holdfast = new Holdfast();
  const create = ['experiment', 'create', 'bearing faults', '--tag', 'team=vibration'];
  expect((await holdfast.succeed(create)).stdout).toBe('bearing faults\n');
  const again = await holdfast.run(create);
  expect(again.exitCode).toBe(4);
  expect(again.stderr).toContain('An experiment named bearing faults already exists.');
  expect(again.stderr).toContain('holdfast run create "bearing faults"');
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
    { id: second, value: '-Infinity', parameters: { lr: '0.2', batch: '32' } },
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
      { name: 'accuracy', last: { value: 'NaN' } },
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
  await holdfast.succeed(['init']);
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
  for (const [wrong, part] of [
    [['log', id, 'loss=1', 'loss=2'], 'The metric loss is given twice: as "1" and as "2".'],
    [['create', 'faults', '--param', 'lr=1', '--param', 'lr=2'], 'The parameter lr is given twice'],
  ] as const) {
    const refused = await holdfast.run(['run', ...wrong]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(part);
  }
  expect((await holdfast.run(['run', 'show', 'no-such-run'])).exitCode).toBe(3);
  expect((await holdfast.run(['experiment', 'rm', 'faults'])).exitCode).toBe(7);
  expect(await holdfast.run(['run', 'rm', id])).toMatchObject({ exitCode: 2, stdout: '' });
  await holdfast.succeed(['run', 'end', id, '--status', 'killed']);
  const again = await holdfast.succeed(['run', 'end', id, '--status', 'killed']);
  expect(again.stderr).toBe('✓ The run was already killed.\n');
  expect((await holdfast.run(['run', 'end', id])).exitCode).toBe(2);
  expect((await holdfast.run(['run', 'log', id, 'loss=1'])).exitCode).toBe(2);
  expect(await holdfast.json(['run', 'show', id])).toMatchObject({ status: 'killed', metrics: [] });
  await holdfast.succeed(['run', 'rm', id]);
  await holdfast.succeed(['experiment', 'rm', 'faults']);
  expect((await holdfast.succeed(['experiment', 'ls'])).stdout).toBe('');
});

test('a value without a step gets the next one, and what is logged is printed on standard error only', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  await holdfast.succeed(['experiment', 'create', 'faults']);
  const id = (await holdfast.succeed(['run', 'create', 'faults'])).stdout.trim();
  const short = id.slice(0, 13);
  await holdfast.succeed(['run', 'log', short, 'loss=3', '--step', '4']);
  const next = await holdfast.succeed(['run', 'log', short, 'loss=Infinity', 'rate=1', '--param', 'lr=1']);
  expect(next).toMatchObject({
    stdout: '',
    stderr: '✓ Logged loss=Infinity (step 5), rate=1 (step 0), lr=1.\n',
  });
  expect(await holdfast.json(['run', 'log', short, 'loss=NaN', 'loss=NaN'])).toEqual({
    run: id,
    metricCount: 1,
    parameterCount: 0,
    metrics: [{ name: 'loss', step: 6, value: 'NaN' }],
  });
  const absent = await holdfast.run(['run', 'show', short, '--metric', 'nope']);
  expect(absent.exitCode).toBe(3);
  expect(absent.stderr).toContain(`The run ${id} has no metric nope.\n  → It has loss, rate.`);
  const unlisted = await holdfast.succeed(['experiment', 'ls', 'zzz']);
  expect(unlisted.stderr).toBe(
    'No experiment has a name that begins with "zzz". List all: holdfast experiment ls\n',
  );
  expect((await holdfast.succeed(['run', 'ls', 'faults', '--status', 'failed'])).stderr).toBe(
    'No run has the status failed.\n',
  );

  const trial = (await holdfast.succeed(['run', 'create', 'faults', '--parent', short])).stdout.trim();
  await holdfast.succeed(['run', 'end', short]);
  const refused = await holdfast.run(['run', 'rm', short]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('--yes');
  const removed = await holdfast.succeed(['run', 'rm', short, '--yes']);
  expect(removed.stdout).toBe(`${id}\n${trial}\n`);
});
