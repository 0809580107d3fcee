import { compareKeys } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { countSuccesses, expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel } from './sample-records.ts';

/** What models promise beside what every repository does. */
export const modelCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a model is found by its whole name in its own case',
    run: async ({ models }) => {
      const saved = await models.save(sampleModel(1, { name: 'Team/Fault_classifier' }));
      expect(await models.findByName('Team/Fault_classifier')).toEqual(saved);
      for (const name of [
        'team/fault_classifier',
        'Team/Fault',
        'Team/FaultXclassifier',
        'Team/Fault%',
        '',
      ]) {
        expect(await models.findByName(name), name).toBeUndefined();
      }
    },
  },
  {
    name: 'a second model of a name is refused, and the first one stays',
    run: async ({ models }) => {
      const first = await models.save(sampleModel(1, { name: 'taken' }));
      await expectRefusal(
        models.save(sampleModel(2, { name: 'taken', tags: { a: 'b' } })),
        StorageErrorCode.AlreadyExists,
      );
      expect((await models.findAll()).items).toEqual([first]);
      expect(await models.count({ tags: { a: 'b' } })).toBe(0);
    },
  },
  {
    name: 'names that differ by case are two models',
    run: async ({ models }) => {
      const lower = await models.save(sampleModel(1, { name: 'resnet' }));
      const upper = await models.save(sampleModel(2, { name: 'ResNet' }));
      expect(await models.findByName('resnet')).toEqual(lower);
      expect(await models.findByName('ResNet')).toEqual(upper);
    },
  },
  {
    name: 'a model cannot be renamed to a name that is taken, and can be to a free one',
    run: async ({ models }) => {
      const first = await models.save(sampleModel(1, { name: 'first' }));
      const second = await models.save(sampleModel(2, { name: 'second' }));
      await expectRefusal(models.save({ ...second, name: 'first' }), StorageErrorCode.AlreadyExists);
      expect(await models.findById(second.id)).toEqual(second);
      const renamed = await models.save({ ...second, name: 'third' });
      expect(await models.findByName('third')).toEqual(renamed);
      expect(await models.findByName('second')).toBeUndefined();
      expect(await models.findByName('first')).toEqual(first);
    },
  },
  {
    name: 'a name is free again when its model is deleted or renamed',
    run: async ({ models }) => {
      const first = await models.save(sampleModel(1, { name: 'name' }));
      await models.delete(first.id);
      const second = await models.save(sampleModel(2, { name: 'name' }));
      await models.save({ ...second, name: 'other' });
      const third = await models.save(sampleModel(3, { name: 'name' }));
      expect(await models.findByName('name')).toEqual(third);
    },
  },
  {
    name: 'of eight who make a model of one name at once, one wins',
    run: async (context) => {
      const handles = await context.handles();
      const works = Array.from({ length: 8 }, async (_, worker) =>
        handles[worker % handles.length]?.repositories.models.save(
          sampleModel(worker + 1, { name: 'wanted' }),
        ),
      );
      expect(await countSuccesses(works, StorageErrorCode.AlreadyExists)).toBe(1);
      expect(await context.models.count()).toBe(1);
    },
  },
  {
    name: 'models are ordered by the UTF-8 bytes of their names',
    run: async ({ models }) => {
      const names = [
        'b',
        'B',
        'a',
        'A',
        '_',
        '-',
        '.',
        '0',
        '10',
        '9',
        'a/b',
        'a-b',
        'a.b',
        'ab',
        'aB',
        'Z',
        'z',
        'a_b',
      ];
      for (const [index, name] of names.entries()) await models.save(sampleModel(index + 1, { name }));
      for (const direction of ['ascending', 'descending'] as const) {
        const { items } = await models.findAll({ order: { field: 'name', direction } });
        const sorted = names.toSorted(compareKeys);
        expect(items.map(({ name }) => name)).toEqual(
          direction === 'ascending' ? sorted : sorted.toReversed(),
        );
      }
    },
  },
  {
    name: 'a model with any text in it comes back from the store, and through JSON, as it was',
    run: async ({ models }) => {
      const tags = {
        quote: `'";--\\`,
        controls: 'a\u0000b\n\t',
        emoji: '🔩👩‍🔬',
        empty: '',
        long: 'ü'.repeat(5_000),
      };
      const description = `${Object.values(tags).join(' ')}\ud800`;
      const saved = await models.save(sampleModel(1, { description, tags, name: 'n'.repeat(255) }));
      const found = await models.findById(saved.id);
      expect(found).toEqual({ ...sampleModel(1, { description, tags, name: 'n'.repeat(255) }), revision: 1 });
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    },
  },
];
