import { type FieldValue, longestIndexedTextBytes } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { countSuccesses, expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { type SampleRecord, sampleRecord, sampleRecords } from './sample-collection.ts';
import { sampleTime } from './sample-records.ts';

const samplesOf = ({ records }: Pick<RegistryCaseContext, 'records'>) => records.of(sampleRecords);

const awkwardValues: readonly Partial<SampleRecord>[] = [
  { score: Number.NaN },
  { score: Number.POSITIVE_INFINITY },
  { score: Number.NEGATIVE_INFINITY },
  { score: 5e-324 },
  { score: Number.MAX_VALUE },
  { size: 2n ** 63n - 1n },
  { size: -(2n ** 63n) },
  { size: 9_007_199_254_740_993n },
  { title: '' },
  { title: 'a\u0000b\u0001c', payload: { '\u0000': '\u0000' } },
  { title: '𝛼 \u{10ffff}' },
  { title: '𝛼'.repeat(longestIndexedTextBytes / 4) },
  { payload: { $number: 'NaN', $integer: '1', $$: { $a: 1 } } },
  { payload: { list: [1, null, true, { deep: [] }], nan: Number.NaN, big: 2n ** 70n, zero: -0 } },
];

/** What every collection of records promises of one record. */
export const recordCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a record is found as it was saved, with its next revision, by every handle',
    run: async (context) => {
      const record = sampleRecord(1, { title: 'one', score: 0.1, size: 7n, group: 'g' });
      const saved = await samplesOf(context).save(record);
      expect(saved).toEqual({ ...record, revision: 1 });
      for (const { repositories } of await context.handles()) {
        expect(await samplesOf(repositories).findById(record.id)).toEqual(saved);
        expect(await samplesOf(repositories).exists(record.id)).toBe(true);
        expect(await samplesOf(repositories).find({ title: 'one' })).toEqual(saved);
      }
      expect(await samplesOf(context).findById(sampleRecord(2).id)).toBeUndefined();
      expect(await samplesOf(context).exists(sampleRecord(2).id)).toBe(false);
    },
  },
  {
    name: 'a record keeps every double, integer of 64 bits, well-formed text and form of data, and is found by it',
    run: async (context) => {
      for (const [index, changes] of awkwardValues.entries()) {
        const saved = await samplesOf(context).save(sampleRecord(index + 1, changes));
        const found = await samplesOf(context).findById(saved.id);
        expect(found).toStrictEqual(saved);
        expect(found).toMatchObject(changes);
        const { payload: _, ...indexed } = changes;
        if (Object.keys(indexed).length > 0)
          expect(await samplesOf(context).find(indexed as Readonly<Record<string, FieldValue>>)).toEqual(
            saved,
          );
      }
    },
  },
  {
    name: 'what no database can keep alike is refused, and nothing is saved: lone surrogates, long indexed texts, integers of more than 64 bits',
    run: async (context) => {
      const refused: readonly Partial<SampleRecord>[] = [
        { title: 'half \ud800' },
        { payload: { 'key \udfff': 1 } },
        { payload: ['\udc00'] },
        { title: 'x'.repeat(longestIndexedTextBytes + 1) },
        { title: 'é'.repeat(longestIndexedTextBytes / 2 + 1) },
        { size: 2n ** 63n },
        { size: -(2n ** 63n) - 1n },
      ];
      for (const changes of refused)
        await expect(samplesOf(context).save(sampleRecord(1, changes))).rejects.toMatchObject({
          code: 'invalid-value',
        });
      await expect(
        samplesOf(context).findAll({ filter: { title: { startsWith: '\ud800' } } }),
      ).rejects.toMatchObject({ code: 'invalid-value' });
      expect(await samplesOf(context).count()).toBe(0);
    },
  },
  {
    name: 'a record of an older or a future revision is refused, and the stored one stays',
    run: async (context) => {
      const first = await samplesOf(context).save(sampleRecord(1));
      const second = await samplesOf(context).save({ ...first, score: 2, updatedAt: sampleTime(9) });
      expect(second.revision).toBe(2);
      for (const revision of [1, 3, 0])
        await expectRefusal(
          samplesOf(context).save({ ...second, revision }),
          revision === 0 ? StorageErrorCode.AlreadyExists : StorageErrorCode.PreconditionFailed,
        );
      await expectRefusal(
        samplesOf(context).save({ ...sampleRecord(2), revision: 1 }),
        StorageErrorCode.PreconditionFailed,
      );
      expect(await samplesOf(context).findById(first.id)).toEqual(second);
    },
  },
  {
    name: 'of ten who save a record of one revision, one wins',
    run: async (context) => {
      const saved = await samplesOf(context).save(sampleRecord(1));
      const handles = await context.handles();
      const works = Array.from({ length: 10 }, (_, score) =>
        samplesOf((handles[score % handles.length] ?? context.store).repositories).save({ ...saved, score }),
      );
      expect(await countSuccesses(works, StorageErrorCode.PreconditionFailed)).toBe(1);
    },
  },
  {
    name: 'a record is removed once, on request only at a revision',
    run: async (context) => {
      const saved = await samplesOf(context).save(sampleRecord(1, { title: 'one' }));
      await expectRefusal(samplesOf(context).delete(saved.id, 2), StorageErrorCode.PreconditionFailed);
      expect(await samplesOf(context).delete(saved.id, 1)).toBe(true);
      expect(await samplesOf(context).delete(saved.id)).toBe(false);
      expect(await samplesOf(context).find({ title: 'one' })).toBeUndefined();
      await samplesOf(context).save(sampleRecord(2, { title: 'one' }));
    },
  },
  {
    name: 'two records share no unique values, and a record that lacks one shares nothing',
    run: async (context) => {
      const one = await samplesOf(context).save(sampleRecord(1, { title: 'one', group: 'g', size: 1n }));
      const two = await samplesOf(context).save(sampleRecord(2, { title: 'two', group: 'g', size: 2n }));
      for (const record of [
        sampleRecord(3, { title: 'one' }),
        sampleRecord(3, { group: 'g', size: 1n }),
        { ...two, title: 'one' },
        { ...two, size: 1n },
      ])
        await expectRefusal(samplesOf(context).save(record), StorageErrorCode.AlreadyExists);
      expect(await samplesOf(context).findById(two.id)).toEqual(two);
      await samplesOf(context).save(sampleRecord(4, { group: 'g' }));
      await samplesOf(context).save(sampleRecord(5, { group: 'g' }));
      await samplesOf(context).save(sampleRecord(6, { group: 'h', size: 1n }));
      await samplesOf(context).save({ ...one, title: 'first' });
      await samplesOf(context).save(sampleRecord(7, { title: 'one' }));
      expect(await samplesOf(context).count()).toBe(6);
    },
  },
  {
    name: 'records of a unit of work that throws are not saved, and their unique values are free',
    run: async (context) => {
      const kept = await samplesOf(context).save(sampleRecord(1, { title: 'one' }));
      const work = context.store.unitOfWork(async (repositories) => {
        await samplesOf(repositories).save({ ...kept, title: 'other' });
        await samplesOf(repositories).save(sampleRecord(2, { title: 'one' }));
        expect(await samplesOf(repositories).count()).toBe(2);
        throw new Error('given up');
      });
      await expect(work).rejects.toThrow('given up');
      expect((await samplesOf(context).findAll()).items).toEqual([kept]);
      await samplesOf(context).save(sampleRecord(3, { title: 'other' }));
    },
  },
  {
    name: 'a unit of work goes on after a refused record, without any of it',
    run: async (context) => {
      const kept = await samplesOf(context).save(sampleRecord(1, { title: 'one' }));
      await context.store.unitOfWork(async (repositories) => {
        const taken = samplesOf(repositories).save(sampleRecord(2, { title: 'one' }));
        await expectRefusal(taken, StorageErrorCode.AlreadyExists);
        await samplesOf(repositories).save(sampleRecord(3, { title: 'three' }));
      });
      const { items } = await samplesOf(context).findAll({ order: { field: 'id', direction: 'ascending' } });
      expect(items.map(({ title }) => title)).toEqual([kept.title, 'three']);
    },
  },
];
