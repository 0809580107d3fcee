import { type Page, compareRanked, meetsCondition, rankedConditions, rankedField } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import fc from 'fast-check';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import {
  type SampleField,
  type SampleFilter,
  type SampleRecord,
  sampleRecord,
  sampleRecords,
} from './sample-collection.ts';

const titles = [
  '',
  'a',
  'ab',
  'aé',
  'b',
  'Z',
  '\u0000',
  '\u0001',
  'é',
  '\ud7ff',
  '\ue000',
  '𝛼',
  '\u{10ffff}',
];
const scores = [Number.NaN, Infinity, -Infinity, 0, 1, -1.5, 1e300, 5e-324];
const sizes = [0n, 1n, -1n, 9_007_199_254_740_993n, 9_007_199_254_740_992n, -(2n ** 63n), 2n ** 63n - 1n];
const groups = ['red', 'blue'];

const fields: Readonly<Record<SampleField, fc.Arbitrary<string | number | bigint>>> = {
  title: fc.constantFrom(...titles),
  score: fc.constantFrom(...scores),
  size: fc.constantFrom(...sizes),
  group: fc.constantFrom(...groups),
};

type Question = {
  readonly filter: SampleFilter;
  readonly order: { readonly field: SampleField; readonly direction: 'ascending' | 'descending' };
  readonly limit: number;
};

const recordChanges = fc.record(
  { score: fields.score, size: fields.size, title: fields.title, group: fields.group },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<SampleRecord>>;

function conditionOn(field: SampleField): fc.Arbitrary<unknown> {
  const value = fields[field];
  const ends = fc.record({ from: value, to: value }, { requiredKeys: [] });
  const others = [fc.constant(null), fc.array(value, { maxLength: 3 }).map((some) => ({ in: some })), ends];
  const isText = field === 'title' || field === 'group';
  return fc.oneof(value, ...others, ...(isText ? [value.map((startsWith) => ({ startsWith }))] : []));
}

const questions = fc.record({
  filter: fc.oneof(
    fc.constant({}),
    fc.record({ title: conditionOn('title') }),
    fc.record({ score: conditionOn('score'), group: conditionOn('group') }, { requiredKeys: [] }),
    fc.record({ size: conditionOn('size') }),
  ),
  order: fc.record({
    field: fc.constantFrom('title', 'score', 'size', 'group'),
    direction: fc.constantFrom('ascending', 'descending'),
  }),
  limit: fc.integer({ min: 1, max: 4 }),
}) as fc.Arbitrary<Question>;

/** What every collection of records promises of listings. */
export const recordListingCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'numbers are ordered as −∞, numbers, ∞, NaN and none, the other way round when descending, and pages end anywhere',
    run: async ({ records }) => {
      const samples = records.of(sampleRecords);
      const values = [3, undefined, Number.NaN, -Infinity, Infinity, 1, Number.NaN, undefined, 1, -2];
      for (const [index, score] of values.entries()) await samples.save(sampleRecord(index + 1, { score }));
      const order = { field: 'score', direction: 'ascending' } as const;
      const expected = [-Infinity, -2, 1, 1, 3, Infinity, Number.NaN, Number.NaN, undefined, undefined];
      for (const limit of [1, 2, 3, 10]) {
        const items = await allPages((after) => samples.findAll({ order, limit, after }));
        expect(items.map(({ score }) => score)).toEqual(expected);
      }
      const descending = await allPages((after) => samples.findAll({ limit: 3, after }));
      expect(descending.map(({ score }) => score)).toEqual(expected.toReversed());
      const range = await samples.findAll({ filter: { score: { from: -2 } }, order });
      expect(range.items.map(({ score }) => score)).toEqual([-2, 1, 1, 3, Infinity]);
      expect(await samples.count({ score: Number.NaN })).toBe(2);
      expect(await samples.count({ score: null })).toBe(2);
      expect(await samples.count({ score: { in: [] } })).toBe(0);
    },
  },
  {
    name: 'texts are ordered by their code points, whatever the locale',
    run: async ({ records }) => {
      const samples = records.of(sampleRecords);
      for (const [index, title] of ['é', 'b', 'Z', 'a', '\u{10ffff}', '\uffff', 'aa', 'A'].entries())
        await samples.save(sampleRecord(index + 1, { title }));
      const { items } = await samples.findAll({ order: { field: 'title', direction: 'ascending' } });
      const expected = ['A', 'Z', 'a', 'aa', 'b', 'é', '\uffff', '\u{10ffff}'];
      expect(items.map(({ title }) => title)).toEqual(expected);
      expect(await samples.count({ title: { startsWith: 'a' } })).toBe(2);
    },
  },
  {
    name: 'records are found by their id, and by its beginning',
    run: async ({ records }) => {
      const samples = records.of(sampleRecords);
      const ids = ['019A%_00-1', '019a%_00-1', '019a%_00-2', '019a%_01-1', '019a%x00-1'];
      for (const [index, id] of ids.entries()) await samples.save({ ...sampleRecord(index + 1), id });
      const order = { field: 'id', direction: 'ascending' } as const;
      const idsOf = async (filter: SampleFilter) =>
        (await samples.findAll({ filter, order })).items.map(({ id }) => id);
      expect(await idsOf({ id: { startsWith: '019a%_0' } })).toEqual(ids.slice(1, 4));
      expect(await idsOf({ id: { startsWith: '019a%_00-2' } })).toEqual([ids[2]]);
      expect(await idsOf({ id: { from: '019a%_00-2', to: '019a%_01-1' } })).toEqual(ids.slice(2, 4));
      expect(await idsOf({ id: { in: ['019a%_00-1', 'other'] } })).toEqual([ids[1]]);
      expect(await samples.count({ id: { startsWith: '' } })).toBe(ids.length);
      expect(await samples.count({ id: null })).toBe(0);
    },
  },
  {
    name: 'a page of records begins only where another page of the same order ended',
    run: async ({ records }) => {
      const samples = records.of(sampleRecords);
      for (const number of [1, 2, 3]) await samples.save(sampleRecord(number));
      const { next } = await samples.findAll({ limit: 1 });
      if (next === undefined) expect.fail('there is no next page');
      const order = { field: 'title', direction: 'ascending' } as const;
      for (const query of [{ after: 'nonsense' }, { limit: 0 }, { after: next, order }])
        await expectRefusal(samples.findAll(query), StorageErrorCode.InvalidArgument);
    },
  },
  {
    name: 'whatever the filter, order and page size, the pages hold every record that meets it, once, in order',
    run: async (context) => {
      const property = fc.asyncProperty(
        fc.array(recordChanges, { maxLength: 12 }),
        fc.array(questions, { minLength: 4, maxLength: 8 }),
        async (changes, asked) => {
          const samples = context.records.of(sampleRecords);
          for (const { id } of (await samples.findAll()).items) await samples.delete(id);
          const saved: SampleRecord[] = [];
          for (const [index, change] of changes.entries()) {
            const record = await samples.save(sampleRecord(index + 1, change)).catch(() => undefined);
            if (record !== undefined) saved.push(record);
          }
          for (const { filter, order, limit } of asked) {
            const expected = expectedOf(saved, { filter, order });
            const found = await allPages((after) => samples.findAll({ filter, order, limit, after }));
            expect(found).toEqual(expected);
            expect(await samples.count(filter)).toBe(expected.length);
          }
        },
      );
      await fc.assert(property, { numRuns: context.propertyRuns });
    },
  },
];

async function allPages<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page: Page<T> = await read(after);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined && items.length < 1_000);
  return items;
}

function expectedOf(
  saved: readonly SampleRecord[],
  { filter, order }: Pick<Question, 'filter' | 'order'>,
): readonly SampleRecord[] {
  const conditions = rankedConditions(sampleRecords, filter);
  const sign = order.direction === 'ascending' ? 1 : -1;
  const valueOf = (record: SampleRecord) => rankedField(sampleRecords, record, order.field);
  return saved
    .filter((record) =>
      conditions.every(([field, condition]) =>
        meetsCondition(rankedField(sampleRecords, record, field), condition),
      ),
    )
    .toSorted((a, b) => sign * (compareRanked(valueOf(a), valueOf(b)) || (a.id < b.id ? -1 : 1)));
}
