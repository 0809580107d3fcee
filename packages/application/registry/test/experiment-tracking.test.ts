import { ExperimentTrackingService } from '@holdfast/registry';
import { describe, expect, test } from 'vitest';
import { runningTwice } from './support/running-twice.ts';
import { World, registryKinds } from './support/world.ts';

const changes = registryKinds.flatMap((kind) => [
  { kind, runs: 'once', registry: undefined },
  { kind, runs: 'twice', registry: runningTwice },
]);

describe.each(changes)('tracking in $kind, where units of work run $runs,', ({ kind, registry: change }) => {
  async function make() {
    const world = await World.make(kind);
    const registry = change?.(world.registry) ?? world.registry;
    let made = 0;
    const tracking = new ExperimentTrackingService({
      registry,
      now: () => world.nowMs++,
      // Ids of one millisecond are in no order, and the newest run is the one with the greatest id.
      createId: () => `id-${String(made++).padStart(4, '0')}`,
      actor: 'ana',
    });
    return { world, tracking };
  }

  test('finds the best, the newest and the trials of runs, and leaves out what is NaN', async () => {
    const { world, tracking } = await make();
    await using _world = world;
    await tracking.createExperiment({ name: 'faults' });
    await tracking.createExperiment({ name: 'others' });
    const [first, second, third] = [
      await tracking.startRun('faults', { name: 'first' }),
      await tracking.startRun('faults', { name: 'second' }),
      await tracking.startRun('others', { name: 'third' }),
    ];
    const trial = await tracking.startRun('faults', { parentId: first.id });
    const log = (id: string, values: readonly number[]) =>
      tracking.logMetrics(
        id,
        values.map((value, step) => ({ key: 'loss', step, value })),
      );
    await log(first.id, [0.1, 0.5]);
    await log(second.id, [0.4, Number.NaN]);
    await log(third.id, [0]);
    await log(trial.id, [0.3]);
    const best = async (query: Parameters<typeof tracking.bestRuns>[2]) =>
      (await tracking.bestRuns('faults', 'loss', query)).map(({ run, value }) => [run.id, value]);
    expect(await best({ direction: 'ascending', limit: 9 })).toEqual([
      [trial.id, 0.3],
      [first.id, 0.5],
    ]);
    expect(await best({ direction: 'ascending', of: 'least', limit: 2 })).toEqual([
      [first.id, 0.1],
      [trial.id, 0.3],
    ]);
    expect(await best({ direction: 'descending' })).toEqual([[first.id, 0.5]]);
    const { items } = await tracking.listRuns('faults');
    expect(items.map(({ name }) => name)).toEqual(['second', 'first']);
    expect((await tracking.listTrials(first.id)).items).toEqual([trial]);
    expect(first.by).toBe('ana');
    await tracking.endRun(first.id, 'failed');
    expect((await tracking.listRuns('faults', { status: 'failed' })).items).toHaveLength(1);
  });

  test('closes a run that has ended, and sets a parameter once', async () => {
    const { world, tracking } = await make();
    await using _world = world;
    await tracking.createExperiment({ name: 'faults' });
    const { id } = await tracking.startRun('faults', { parameters: { lr: '0.1' } });
    await tracking.logParameters(id, { lr: '0.1', batch: '32' });
    await expect(tracking.logParameters(id, { lr: '0.2' })).rejects.toMatchObject({ code: 'invalid-value' });
    const ended = await tracking.endRun(id);
    expect(ended).toMatchObject({ status: 'finished', parameters: { lr: '0.1', batch: '32' } });
    expect(await tracking.endRun(id, 'finished')).toEqual(ended);
    const refused = [
      tracking.endRun(id, 'failed'),
      tracking.logParameters(id, { other: '1' }),
      tracking.logMetrics(id, [{ key: 'loss', step: 1, value: 1 }]),
      tracking.startRun('faults', { parentId: id }),
    ];
    for (const work of refused) await expect(work).rejects.toMatchObject({ code: 'invalid-value' });
    expect(await tracking.describeRun(id)).toMatchObject({ run: ended, metrics: [], trialCount: 0 });
  });

  test('removes a run with its trials and metrics, and an experiment once it is empty', async () => {
    const { world, tracking } = await make();
    await using _world = world;
    await tracking.createExperiment({ name: 'faults' });
    await expect(tracking.createExperiment({ name: 'faults' })).rejects.toMatchObject({
      code: 'already-exists',
      message: 'An experiment named faults already exists.',
      hint: 'Choose another name, or create a run in it: holdfast run create "faults"',
    });
    const run = await tracking.startRun('faults');
    const trial = await tracking.startRun('faults', { parentId: run.id });
    const inner = await tracking.startRun('faults', { parentId: trial.id });
    await tracking.logMetrics(inner.id, [{ key: 'loss', step: 1, value: 1 }]);
    await expect(tracking.removeExperiment('faults')).rejects.toMatchObject({ code: 'permission-denied' });
    expect(await tracking.removeRun(run.id)).toEqual([run.id, trial.id, inner.id]);
    expect((await tracking.readMetric(inner.id, 'loss')).items).toEqual([]);
    await tracking.removeExperiment('faults');
    for (const work of [
      tracking.findExperiment('faults'),
      tracking.findRun(run.id),
      tracking.startRun('faults'),
    ])
      await expect(work).rejects.toMatchObject({ code: 'not-found' });
  });

  test('gives a value without a step the one after the highest step of its metric', async () => {
    const { world, tracking } = await make();
    await using _world = world;
    await tracking.createExperiment({ name: 'faults' });
    const { id } = await tracking.startRun('faults');
    const stepsOf = async (metrics: Parameters<typeof tracking.logMetrics>[1]) =>
      (await tracking.logMetrics(id, metrics)).map(({ key, step }) => [key, step]);
    const loss = { key: 'loss', value: 1 };
    expect(await stepsOf([loss, { key: 'rate', value: 1 }, loss])).toEqual([
      ['loss', 0],
      ['rate', 0],
      ['loss', 1],
    ]);
    expect(await stepsOf([{ ...loss, step: 7 }, { ...loss, step: 3 }, loss])).toEqual([
      ['loss', 7],
      ['loss', 3],
      ['loss', 8],
    ]);
    expect(await stepsOf([{ ...loss, value: 0.5 }])).toEqual([['loss', 9]]);
    expect((await tracking.describeRun(id)).metrics).toMatchObject([
      { key: 'loss', count: 6, last: { step: 9, value: 0.5 } },
      { key: 'rate', last: { step: 0 } },
    ]);
  });

  test('finds a run by the beginning of its id, and names those that begin alike', async () => {
    const { world } = await make();
    await using _world = world;
    const ids = ['019a0000-1', '019a0001-1', '019a0001-2'].map((id) => `${id}000-7000-8000-000000000000`);
    const left = [...ids];
    const tracking = new ExperimentTrackingService({
      registry: world.registry,
      createId: () => left.shift() ?? 'experiment',
    });
    left.unshift('019b0000-0000-7000-8000-000000000000');
    await tracking.createExperiment({ name: 'faults' });
    for (const name of ['first', 'second', 'third']) await tracking.startRun('faults', { name });
    const nameOf = async (text: string) => (await tracking.resolveRun(text)).name;
    expect(await nameOf(ids[0] ?? '')).toBe('first');
    expect(await nameOf('019A0000')).toBe('first');
    expect(await nameOf('019a0001-2')).toBe('third');
    await expect(tracking.resolveRun('019a0001')).rejects.toMatchObject({
      code: 'invalid-value',
      reason: `is the beginning of several ids: ${ids[2]} (third), ${ids[1]} (second)`,
    });
    for (const text of ['019a000', '019a0002', '019a%___', ''])
      await expect(tracking.resolveRun(text)).rejects.toMatchObject({ code: 'not-found' });
  });
});
