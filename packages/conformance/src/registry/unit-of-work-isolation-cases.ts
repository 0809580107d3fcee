import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleTime } from './sample-records.ts';

/** What units of work promise to each other and to those who look on. */
export const unitOfWorkIsolationCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'nobody on another handle sees what a unit of work has not committed yet',
    needsSecondHandle: true,
    run: async (context) => {
      const { models } = (await context.open()).repositories;
      const saved = await models.save(sampleModel(1));
      await context.store.unitOfWork(async (inside) => {
        await inside.models.save(sampleModel(2));
        await inside.models.save({ ...saved, description: 'changed' });
        expect(await models.count()).toBe(1);
        expect(await models.findById(saved.id)).toEqual(saved);
      });
      expect(await models.count()).toBe(2);
    },
  },
  {
    name: 'nobody on the same handle sees what a unit of work has not committed, before or after it is rolled back',
    run: async (context) => {
      const begun = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const unit = context.store.unitOfWork(async (inside) => {
        await inside.models.save(sampleModel(1));
        begun.resolve();
        await goOn.promise;
        throw new Error('given up');
      });
      const outcome = Promise.allSettled([unit]);
      await begun.promise;
      const counted = context.models.count();
      setTimeout(goOn.resolve, 20);
      expect(await counted).toBe(0);
      expect((await outcome)[0]).toMatchObject({ status: 'rejected', reason: { message: 'given up' } });
      expect(await context.models.count()).toBe(0);
    },
  },
  {
    name: 'a write beside a unit of work is neither a part of it nor lost',
    run: async (context) => {
      const [, beside = context.store] = await context.handles();
      const unit = context.store.unitOfWork(async (inside) => {
        await inside.models.save(sampleModel(1));
        await pause();
        throw new Error('given up');
      });
      const write = beside.repositories.models.save(sampleModel(2));
      const [saved] = await Promise.all([write, expect(unit).rejects.toThrow('given up')]);
      expect((await context.models.findAll()).items).toEqual([saved]);
    },
  },
  {
    name: 'outer repositories used inside a unit of work are refused, or stay outside of it',
    run: async (context) => {
      const outcome = await context.store
        .unitOfWork(async (inside) => {
          await inside.models.save(sampleModel(1));
          const seen = await Promise.allSettled([context.models.count()]);
          const written = await Promise.allSettled([context.models.save(sampleModel(2))]);
          return [...seen, ...written];
        })
        .catch((error: unknown) => expect.fail(`the unit of work failed: ${String(error)}`));
      const [seen, written] = outcome;
      if (seen?.status === 'fulfilled') expect(seen.value).toBe(0);
      else expect(StorageError.isInstance(seen?.reason)).toBe(true);
      if (written?.status === 'rejected') expect(StorageError.isInstance(written.reason)).toBe(true);
      expect(await context.models.count()).toBe(written?.status === 'fulfilled' ? 2 : 1);
    },
  },
  {
    name: 'a unit of work inside another of the same store is refused, or stays outside of it',
    run: async (context) => {
      const failure = await context.store.unitOfWork(async () =>
        failureOf(context.store.unitOfWork(async (inner) => inner.models.save(sampleModel(1)))),
      );
      expect([StorageErrorCode.InvalidArgument, StorageErrorCode.Unavailable]).toContain(failure.code);
      expect(await context.models.save(sampleModel(2))).toMatchObject({ revision: 1 });
    },
  },
  {
    name: 'units of work that read, think and write, at once, come out as if one after another',
    run: async (context) => {
      const { id } = await context.models.save(sampleModel(1, { description: '0' }));
      const handles = await context.handles();
      const raise = async (worker: number): Promise<void> => {
        for (let round = 0; round < 5; round++)
          await raiseOnce(handles[worker % handles.length] ?? context.store, id);
      };
      await Promise.all(Array.from({ length: 6 }, (_, worker) => raise(worker)));
      expect(await context.models.findById(id)).toMatchObject({ description: '30', revision: 31 });
    },
  },
  {
    name: 'of units of work that each take what the other looks at, no two find it free',
    run: async (context) => {
      const handles = await context.handles();
      const claim = async (worker: number): Promise<boolean> =>
        (handles[worker % handles.length] ?? context.store).unitOfWork(async ({ models }) => {
          const isFree = (await models.count({ namePrefix: 'claim/' })) === 0;
          await pause();
          if (isFree) await models.save(sampleModel(worker + 1, { name: `claim/${worker}` }));
          return isFree;
        });
      const claims = await Promise.allSettled(Array.from({ length: 6 }, (_, worker) => claim(worker)));
      const won = claims.filter((one) => one.status === 'fulfilled' && one.value);
      expect(won).toHaveLength(1);
      expect(await context.models.count()).toBe(1);
    },
  },
];

async function raiseOnce(store: RegistryCaseContext['store'], id: string): Promise<void> {
  await store.unitOfWork(async ({ models }) => {
    const model = await models.findById(id);
    if (model === undefined) throw new Error('the model vanished');
    await pause();
    await models.save({
      ...model,
      description: String(Number(model.description) + 1),
      updatedAt: sampleTime(1),
    });
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2);
  });
}
