import {
  type KeyedPoint,
  type SeriesCollection,
  type SeriesPoint,
  createTrainingRun,
  runMetrics,
  trainingRuns,
} from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import fc from 'fast-check';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleId, sampleTime } from './sample-records.ts';

const [run, other] = [sampleId(1), sampleId(2)];

const points = fc.array(
  fc.record({
    key: fc.constantFrom('loss', 'accuracy', 'é\u0000'),
    step: fc.integer({ min: -3, max: 5 }),
    atMs: fc.integer({ min: 0, max: 3 }),
    value: fc.constantFrom(0, 1, -2.5, Number.NaN, Infinity, -Infinity, 1e300),
  }),
  { maxLength: 8 },
);
const batches = fc.array(
  fc.record({ appended: points, before: fc.option(fc.integer({ min: -3, max: 5 })) }),
  { maxLength: 4 },
);

/** What every collection of series promises. */
export const seriesCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'points are read by step, those of a step as they were appended, in any range, page size and direction',
    run: async (context) => {
      const metrics = await withRuns(context);
      await metrics.append(run, [point(2, 0.2), point(1, 0.1), point(2, 0.3)]);
      await metrics.append(run, [point(-1, Number.NaN), point(2, -0), point(3, Infinity)]);
      await metrics.append(other, [point(1, 9)]);
      const expected = [Number.NaN, 0.1, 0.2, 0.3, 0, Infinity];
      for (const limit of [1, 2, 4, 10]) {
        expect((await readAll(metrics, { limit })).map(({ value }) => value)).toEqual(expected);
        const descending = await readAll(metrics, { limit, direction: 'descending' });
        expect(descending.map(({ value }) => value)).toEqual(expected.toReversed());
      }
      const range = await metrics.read(run, 'loss', { from: 1, to: 2 });
      expect(range.items.map(({ value }) => value)).toEqual([0.1, 0.2, 0.3, 0]);
      expect(range.items[0]).toEqual({ step: 1, atMs: 1, value: 0.1 });
      expect((await metrics.read(run, 'accuracy')).items).toEqual([]);
    },
  },
  {
    name: 'points of no record are refused, and go with their record',
    run: async (context) => {
      const metrics = await withRuns(context);
      await expectRefusal(metrics.append(sampleId(77), [point(1, 1)]), StorageErrorCode.NotFound);
      await metrics.append(run, [point(1, 1)]);
      await context.records.of(trainingRuns).delete(run);
      expect(await metrics.summarize(run)).toEqual([]);
      expect((await metrics.read(run, 'loss')).items).toEqual([]);
      expect((await context.archive.list('series')).items).toEqual([]);
    },
  },
  {
    name: 'points that no database can keep alike are refused, with all others of their batch',
    run: async (context) => {
      const metrics = await withRuns(context);
      const refused: readonly Partial<KeyedPoint>[] = [
        { step: 0.5 },
        { step: Number.NaN },
        { step: 2 ** 53 },
        { atMs: 1.5 },
        { key: '\ud800' },
        { key: 'k'.repeat(1_001) },
      ];
      for (const changes of refused) {
        const batch = [point(1, 1), { ...point(2, 2), ...changes }];
        await expect(metrics.append(run, batch)).rejects.toMatchObject({ code: 'invalid-value' });
      }
      expect(await metrics.summarize(run)).toEqual([]);
    },
  },
  {
    name: 'owners are ranked by the last, least or greatest of a series, without NaN, and only those that meet the filter',
    run: async (context) => {
      const metrics = await withRuns(context, 6);
      const values = [[3, 1], [2, 2], [Number.NaN], [-Infinity, 5], [Infinity], [2, 2]];
      for (const [index, ofRun] of values.entries())
        await metrics.append(
          sampleId(index + 1),
          ofRun.map((value, step) => point(step, value)),
        );
      const best = async (of: 'last' | 'least' | 'greatest', direction: 'ascending' | 'descending') =>
        (await metrics.findBest('loss', { of, direction, limit: 9 })).map(({ owner }) => numberOf(owner));
      expect(await best('last', 'ascending')).toEqual([1, 2, 6, 4, 5]);
      expect(await best('last', 'descending')).toEqual([5, 4, 2, 6, 1]);
      expect(await best('least', 'ascending')).toEqual([4, 1, 2, 6, 5]);
      expect(await best('greatest', 'descending')).toEqual([5, 4, 1, 2, 6]);
      const filter = { name: { in: ['run-2', 'run-4'] } };
      expect(
        await metrics.findBest('loss', { of: 'last', direction: 'ascending', limit: 1, filter }),
      ).toEqual([{ owner: sampleId(2), value: 2 }]);
      expect(await metrics.findBest('accuracy', { of: 'last', direction: 'ascending', limit: 1 })).toEqual(
        [],
      );
    },
  },
  {
    name: 'a batch of 2,500 points in 50 series is appended whole',
    run: async (context) => {
      const metrics = await withRuns(context);
      const batch = Array.from({ length: 2_500 }, (_, index) => ({
        ...point(Math.floor(index / 50), index),
        key: `metric ${index % 50}`,
      }));
      await metrics.append(run, batch);
      const summaries = await metrics.summarize(run);
      expect(summaries).toHaveLength(50);
      expect(new Set(summaries.map(({ count }) => count))).toEqual(new Set([50]));
      expect(await metrics.read(run, 'metric 49', { from: 49 })).toMatchObject({ items: [{ value: 2_499 }] });
      expect((await Array.fromAsync(context.store.checkRecords())).flat()).toEqual([]);
    },
  },
  {
    name: 'whatever is appended and pruned, a summary is that of the points which are left',
    run: async (context) => {
      const metrics = await withRuns(context);
      const property = fc.asyncProperty(batches, async (history) => {
        await metrics.prune(run, { before: 1_000 });
        const left: KeyedPoint[] = [];
        for (const { appended, before } of history) {
          await metrics.append(run, appended);
          left.push(...appended);
          if (before === null) continue;
          const gone = left.filter(({ step }) => step < before).length;
          expect(await metrics.prune(run, { before })).toBe(gone);
          left.splice(0, left.length, ...left.filter(({ step }) => step >= before));
        }
        expect(await metrics.summarize(run)).toEqual(expectedSummaries(left));
        const loss = left
          .filter(({ key }) => key === 'loss')
          .map(({ step, atMs, value }) => ({ step, atMs, value }));
        expect(await readAll(metrics, { limit: 3 })).toEqual(loss.toSorted((a, b) => a.step - b.step));
      });
      await fc.assert(property, { numRuns: context.propertyRuns });
      expect((await Array.fromAsync(context.store.checkRecords())).flat()).toEqual([]);
    },
  },
];

function point(step: number, value: number): KeyedPoint {
  return { key: 'loss', step, atMs: step, value };
}

function numberOf(id: string): number {
  return Number.parseInt(id.slice(-12), 16);
}

async function withRuns({ records, series }: RegistryCaseContext, count = 2) {
  for (let number = 1; number <= count; number++) {
    const fields = { id: sampleId(number), experimentId: sampleId(99), name: `run-${number}` };
    await records.of(trainingRuns).save(createTrainingRun({ ...fields, now: sampleTime(number) }));
  }
  return series.of(runMetrics);
}

async function readAll(
  metrics: SeriesCollection,
  query: { readonly limit: number; readonly direction?: 'ascending' | 'descending' },
): Promise<readonly SeriesPoint[]> {
  const items: SeriesPoint[] = [];
  let after: string | undefined;
  do {
    const page = await metrics.read(run, 'loss', { ...query, after });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined && items.length < 1_000);
  return items;
}

/** By hand, and not by what the stores use. */
function expectedSummaries(left: readonly KeyedPoint[]) {
  return ['accuracy', 'loss', 'é\u0000'].flatMap((key) => {
    const own = left.filter((one) => one.key === key);
    if (own.length === 0) return [];
    const [last] = own
      .map((one, index) => ({ one, index }))
      .toSorted((a, b) => b.one.step - a.one.step || b.one.atMs - a.one.atMs || b.index - a.index);
    const numbers = own.map(({ value }) => value).filter((value) => !Number.isNaN(value));
    const isNone = numbers.length === 0;
    return [
      {
        key,
        count: own.length,
        last: { step: last?.one.step, atMs: last?.one.atMs, value: last?.one.value },
        least: isNone ? Number.NaN : Math.min(...numbers),
        greatest: isNone ? Number.NaN : Math.max(...numbers),
      },
    ];
  });
}
