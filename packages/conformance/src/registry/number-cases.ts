import { expect } from 'vitest';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleVersion } from './sample-records.ts';

/** What the numbers of versions promise. */
export const numberCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'numbers of a name are given out from 1 up, each name on its own',
    run: async ({ models }) => {
      for (const expected of [1, 2, 3]) expect(await models.reserveNumber('first')).toBe(expected);
      for (const name of ['First', 'first/second', 'second'])
        expect(await models.reserveNumber(name)).toBe(1);
      expect(await models.reserveNumber('first')).toBe(4);
    },
  },
  {
    name: 'no number is given out twice to five workers at once',
    run: async (context) => {
      const handles = await context.handles();
      const reserve = async (worker: number): Promise<readonly number[]> => {
        const numbers: number[] = [];
        const { models } = (handles[worker % handles.length] ?? context.store).repositories;
        for (let round = 0; round < 20; round++) numbers.push(await models.reserveNumber('popular'));
        return numbers;
      };
      const numbers = await Promise.all(Array.from({ length: 5 }, (_, worker) => reserve(worker)));
      expect(numbers.flat().toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, index) => index + 1),
      );
    },
  },
  {
    name: 'a number is not given out again when its version is never published or the model is deleted and made again',
    run: async ({ models, versions }) => {
      const model = await models.save(sampleModel(1));
      await models.reserveNumber(model.name);
      const number = await models.reserveNumber(model.name);
      const version = await versions.save(sampleVersion(model, number));
      await versions.delete(version.id);
      expect(await models.reserveNumber(model.name)).toBe(3);
      await models.delete(model.id);
      expect(await models.reserveNumber(model.name)).toBe(4);
      await models.save(sampleModel(2, { name: model.name }));
      expect(await models.reserveNumber(model.name)).toBe(5);
    },
  },
  {
    name: 'a number that a version was saved with is never given out, not even after its deletion',
    run: async ({ models, versions }) => {
      const model = await models.save(sampleModel(1));
      const version = await versions.save(sampleVersion(model, 7));
      await versions.save(sampleVersion(model, 3));
      await versions.delete(version.id);
      expect(await models.reserveNumber(model.name)).toBe(8);
    },
  },
  {
    name: 'a renamed model does not begin to count anew',
    run: async ({ models, versions }) => {
      const model = await models.save(sampleModel(1, { name: 'before' }));
      await versions.save(sampleVersion(model, await models.reserveNumber('before')));
      await models.reserveNumber('before');
      await models.save({ ...model, name: 'after' });
      expect(await models.reserveNumber('after')).toBe(3);
      expect(await models.reserveNumber('before')).toBe(3);
    },
  },
  {
    name: 'a number taken outside stays taken when a unit of work after it fails',
    run: async ({ models, store }) => {
      expect(await models.reserveNumber('name')).toBe(1);
      const failure = new Error('given up');
      await expect(
        store.unitOfWork(async () => {
          throw failure;
        }),
      ).rejects.toBe(failure);
      expect(await models.reserveNumber('name')).toBe(2);
    },
  },
];
