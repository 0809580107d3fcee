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
    const tracking = new ExperimentTrackingService({ registry, now: () => world.nowMs++, actor: 'ana' });
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
    const refused = [
      tracking.endRun(id),
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
});
