import { createExperiment, createTrainingRun, experiments, runMetrics, trainingRuns } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { runTwice } from './run-twice.ts';
import { sampleRecord, sampleRecords } from './sample-collection.ts';
import { sampleCondemning, sampleDigest, sampleId, sampleTime } from './sample-records.ts';

const [a, b, c] = [sampleDigest(1), sampleDigest(2), sampleDigest(3)];
const ownerOf = (number: number) => ({ kind: 'sample', id: sampleId(number) });

/** What every collection of records promises of the objects that its records name, and of archives. */
export const recordReferenceCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'what a record names is needed from its save on, until it is saved without it or removed',
    run: async (context) => {
      const samples = context.records.of(sampleRecords);
      const saved = await samples.save(sampleRecord(1, { needs: [b, a, a] }));
      expect(await context.objects.findReferences(ownerOf(1))).toEqual([a, b]);
      expect(await context.objects.findOwners(a)).toEqual([ownerOf(1)]);
      const changed = await samples.save({ ...saved, needs: [a, c] });
      expect(await context.objects.findReferences(ownerOf(1))).toEqual([a, c]);
      expect(await context.objects.condemn([a, b, c], sampleCondemning)).toEqual([b]);
      await samples.save(sampleRecord(2, { needs: [c] }));
      await samples.delete(changed.id);
      expect(await context.objects.findReferences(ownerOf(1))).toEqual([]);
      expect(await context.objects.condemn([a, c], sampleCondemning)).toEqual([a]);
    },
  },
  {
    name: 'what only a record names is held, listed as needed and found lost as what a version needs is',
    run: async ({ records, archive, objects }) => {
      await records.of(sampleRecords).save(sampleRecord(1, { needs: [a] }));
      expect((await archive.listNeeded()).items).toEqual([{ digest: a, locations: [] }]);
      expect((await objects.listUnlocated()).items).toEqual([a]);
      expect(await objects.findUnreferenced([a, b])).toEqual([{ digest: b }]);
      await archive.holdNeeded('holder', sampleTime(100));
      expect(await archive.countHold('holder')).toBe(1);
    },
  },
  {
    name: 'a record that names what is about to be deleted is refused, and neither it nor what else it names is noted',
    run: async (context) => {
      const samples = context.records.of(sampleRecords);
      const saved = await samples.save(sampleRecord(1, { needs: [a] }));
      await context.objects.condemn([b], sampleCondemning);
      await context.store.unitOfWork(async (repositories) => {
        const inside = repositories.records.of(sampleRecords);
        for (const record of [{ ...saved, needs: [c, b] }, sampleRecord(2, { needs: [b, c] })])
          await expectRefusal(inside.save(record), StorageErrorCode.Locked);
      });
      expect((await samples.findAll()).items).toEqual([saved]);
      expect(await context.objects.findReferences(ownerOf(1))).toEqual([a]);
      expect(await context.objects.findOwners(c)).toEqual([]);
    },
  },
  {
    name: 'a unit of work that is run twice leaves what one run leaves',
    run: async (context) => {
      const [once, twice] = [await context.another(), context];
      const work = async ({
        records,
        series,
        objects,
      }: Pick<RegistryCaseContext, 'records' | 'series' | 'objects'>) => {
        const run = createTrainingRun({ id: sampleId(1), experimentId: sampleId(9), now: sampleTime(1) });
        const saved = await records.of(trainingRuns).save(run);
        await records.of(trainingRuns).save({ ...saved, name: 'changed' });
        await records.of(sampleRecords).save(sampleRecord(2, { title: 'two', needs: [a] }));
        const points = [1, 2, 3].map((step) => ({ key: 'loss', step, atMs: step, value: 1 / step }));
        await series.of(runMetrics).append(run.id, points);
        await series.of(runMetrics).prune(run.id, { before: 2 });
        return objects.findOwners(a);
      };
      const answer = await once.store.unitOfWork(work);
      expect(await runTwice(twice.store, work)).toEqual(answer);
      expect(await everythingOf(twice)).toEqual(await everythingOf(once));
    },
  },
  {
    name: 'archives of records of every kind, their series and references come to the same registry, whatever the page size',
    run: async (context) => {
      await fill(context);
      const whole = await everythingOf(context);
      for (const limit of [1, 2, 3, 100]) expect(await everythingOf(context, limit)).toEqual(whole);
      const other = await context.another();
      expect(await other.archive.isEmpty()).toBe(true);
      for (const records of Object.values(whole)) await other.archive.insert(records);
      expect(await other.archive.isEmpty()).toBe(false);
      expect(await everythingOf(other)).toEqual(whole);
      expect(await other.series.of(runMetrics).summarize(sampleId(1))).toEqual(
        await context.series.of(runMetrics).summarize(sampleId(1)),
      );
      expect(await other.records.of(trainingRuns).find({ name: 'first' })).toEqual(
        await context.records.of(trainingRuns).find({ name: 'first' }),
      );
      const { record: again = [] } = whole;
      await expectRefusal(other.archive.insert(again), StorageErrorCode.AlreadyExists);
    },
  },
  {
    name: 'a registry with a record is not empty, and a new one has no damage',
    run: async ({ store, records, archive }) => {
      expect(await archive.isEmpty()).toBe(true);
      const experiment = createExperiment({ id: sampleId(1), name: 'one', now: sampleTime(1) });
      await records.of(experiments).save(experiment);
      expect(await archive.isEmpty()).toBe(false);
      expect((await Array.fromAsync(store.checkRecords())).flat()).toEqual([]);
    },
  },
];

async function fill({ records, series }: RegistryCaseContext): Promise<void> {
  await records.of(experiments).save(createExperiment({ id: sampleId(9), name: 'e', now: sampleTime(1) }));
  for (const [number, name] of [
    [1, 'first'],
    [2, 'second'],
  ] as const) {
    const run = createTrainingRun({
      id: sampleId(number),
      experimentId: sampleId(9),
      name,
      now: sampleTime(1),
    });
    const artifact = { path: 'a/b', digest: sampleDigest(number), sizeBytes: number };
    await records.of(trainingRuns).save({ ...run, parameters: { lr: '0.1' }, artifacts: [artifact] });
    const values = [Number.NaN, Infinity, -Infinity, 0.5];
    const points = Array.from({ length: 250 }, (_, index) => ({
      key: index % 5 === 0 ? 'accuracy' : 'loss',
      step: 250 - index,
      atMs: index,
      value: values[index % 4] ?? 0,
    }));
    await series.of(runMetrics).append(run.id, points);
  }
}

async function everythingOf({ archive }: Pick<RegistryCaseContext, 'archive'>, limit?: number) {
  const kinds = ['record', 'series', 'references'] as const;
  const listed = kinds.map(async (kind) => {
    const items = [];
    let after: string | undefined;
    do {
      const page = await archive.list(kind, {
        limit,
        after,
      });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return [kind, items] as const;
  });
  return Object.fromEntries(await Promise.all(listed));
}
