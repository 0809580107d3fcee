import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleVersion } from './sample-records.ts';

/** What a registry store promises as a whole. */
export const storeCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a registry has an id, made once',
    run: async (context) => {
      const ids = await Promise.all([1, 2, 3].map(() => context.store.registryId()));
      expect(ids[0]).not.toBe('');
      expect(new Set(ids).size).toBe(1);
    },
  },
  {
    name: 'two registries have two ids',
    run: async (context) => {
      const other = await context.another();
      expect(await other.store.registryId()).not.toBe(await context.store.registryId());
    },
  },
  {
    name: 'every handle of a registry tells the same id and sees the same records',
    needsSecondHandle: true,
    run: async (context) => {
      const handles = await Promise.all(Array.from({ length: 4 }, () => context.open()));
      const ids = await Promise.all(handles.map((handle) => handle.registryId()));
      expect(new Set([...ids, await context.store.registryId()]).size).toBe(1);
      const saved = await context.models.save(sampleModel(1));
      for (const handle of handles)
        expect(await handle.repositories.models.findById(saved.id)).toEqual(saved);
    },
  },
  {
    name: 'records outlive their handles',
    needsSecondHandle: true,
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      await context.versions.save(sampleVersion(model, 1));
      const before = await context.models.listSummaries();
      const id = await context.store.registryId();
      await context.store[Symbol.asyncDispose]();
      const reopened = await context.open();
      expect(await reopened.repositories.models.listSummaries()).toEqual(before);
      expect(await reopened.registryId()).toBe(id);
    },
  },
  {
    name: 'a disposed store refuses, and can be disposed again',
    run: async (context) => {
      await context.models.save(sampleModel(1));
      await context.store[Symbol.asyncDispose]();
      await context.store[Symbol.asyncDispose]();
      await failureOf(context.models.count());
      await failureOf(context.models.save(sampleModel(2)));
      await failureOf(context.store.unitOfWork(async () => {}));
      await failureOf(context.store.registryId());
    },
  },
  {
    name: 'disposing one handle leaves the others alone',
    needsSecondHandle: true,
    run: async (context) => {
      const other = await context.open();
      await context.store[Symbol.asyncDispose]();
      await other.repositories.models.save(sampleModel(1));
      expect(await other.repositories.models.count()).toBe(1);
    },
  },
  {
    name: 'disposing waits for what was asked before',
    run: async (context) => {
      const work = [context.models.save(sampleModel(1)), context.models.count(), context.store.registryId()];
      const outcome = Promise.allSettled(work);
      await context.store[Symbol.asyncDispose]();
      expect((await outcome).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    },
  },
  {
    name: 'disposing waits for a unit of work that has begun',
    run: async (context) => {
      const begun = Promise.withResolvers<void>();
      const unit = context.store.unitOfWork(async ({ models }) => {
        begun.resolve();
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
        return models.save(sampleModel(1));
      });
      const outcome = Promise.allSettled([unit]);
      await begun.promise;
      await context.store[Symbol.asyncDispose]();
      expect((await outcome)[0]).toMatchObject({ status: 'fulfilled', value: { revision: 1 } });
    },
  },
];
