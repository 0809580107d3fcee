import { type Repositories, versionOwner } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { countSuccesses, expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import {
  sampleCondemning,
  sampleDigest,
  sampleId,
  sampleLease,
  sampleLocation,
  sampleModel,
  sampleTime,
  sampleVersion,
} from './sample-records.ts';

/** What committing and rolling back promise. */
export const unitOfWorkCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a unit of work commits what it did in all repositories, and answers with what the work answered',
    run: async (context) => {
      const answer = await context.store.unitOfWork(async (repositories) => {
        await touchEverything(repositories, 1);
        return 'done';
      });
      expect(answer).toBe('done');
      const { models, versions, aliases, objects } = context;
      const model = sampleModel(1);
      expect(await models.findByName(model.name)).toEqual({ ...model, revision: 1 });
      expect((await versions.findLatest(model.id))?.number).toBe(1);
      expect((await aliases.find(model.id, 'champion'))?.number).toBe(1);
      expect(await objects.findLease(sampleId(1))).toBeDefined();
      expect(await objects.findOwners(sampleDigest(1))).toEqual([versionOwner('version-1')]);
      expect(await objects.findLocations(sampleDigest(1))).toHaveLength(1);
      expect(await objects.findCondemnation(sampleDigest(2))).toMatchObject({ by: 'collector' });
      expect(await models.reserveNumber(model.name)).toBe(3);
    },
  },
  {
    name: 'a unit of work that throws leaves every record as it was, and passes the error on',
    run: async (context) => {
      await touchEverything(context, 1);
      const before = await everythingIn(context);
      const failure = new Error('given up');
      const work = context.store.unitOfWork(async (repositories) => {
        await touchEverything(repositories, 2);
        await undoEverything(repositories, 1);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await everythingIn(context)).toEqual(before);
    },
  },
  {
    name: 'a unit of work that fails by a refused save leaves nothing behind',
    run: async (context) => {
      const saved = await context.models.save(sampleModel(1));
      const work = context.store.unitOfWork(async ({ models, aliases }) => {
        await models.save(sampleModel(2));
        await aliases.move({ modelId: saved.id, name: 'a', to: 1, expectedRevision: 0, now: sampleTime(1) });
        await models.save({ ...saved, revision: 7 });
      });
      await expectRefusal(work, StorageErrorCode.PreconditionFailed);
      expect((await context.models.findAll()).items).toEqual([saved]);
      expect(await context.aliases.findByModel(saved.id)).toEqual([]);
    },
  },
  {
    name: 'a refusal that the work handles does not undo the rest',
    run: async (context) => {
      await context.models.save(sampleModel(1, { name: 'taken' }));
      await context.store.unitOfWork(async ({ models, versions }) => {
        await models.save(sampleModel(2));
        await expectRefusal(models.save(sampleModel(3, { name: 'taken' })), StorageErrorCode.AlreadyExists);
        await expectRefusal(
          models.save({ ...sampleModel(2), revision: 5 }),
          StorageErrorCode.PreconditionFailed,
        );
        await versions.save(sampleVersion(sampleModel(2), 1));
      });
      expect(await context.models.count()).toBe(2);
      expect(
        (await context.models.listSummaries({ filter: { nameContains: 'model-2' } })).items[0]?.versionCount,
      ).toBe(1);
    },
  },
  {
    name: 'the work sees what it has done itself',
    run: async (context) => {
      await context.store.unitOfWork(async (repositories) => {
        await touchEverything(repositories, 1);
        const { models, versions, aliases, objects } = repositories;
        expect(await models.count()).toBe(1);
        expect((await models.listSummaries()).items[0]?.latest?.number).toBe(1);
        expect(await versions.exists(sampleVersion(sampleModel(1), 1).id)).toBe(true);
        expect(await aliases.findByModel(sampleId(1))).toHaveLength(1);
        expect(await objects.findReferences(versionOwner('version-1'))).toEqual([sampleDigest(1)]);
        await expectRefusal(objects.putLease(sampleLease(9, sampleDigest(2), 10)), StorageErrorCode.Locked);
      });
    },
  },
  {
    name: "parts of a unit of work that run side by side do not lose each other's changes",
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      await context.store.unitOfWork(async ({ versions, aliases, objects }) => {
        await Promise.all(
          Array.from({ length: 10 }, (_, index) => versions.save(sampleVersion(model, index + 1))),
        );
        const move = (to: number) =>
          aliases.move({ modelId: model.id, name: 'a', to, expectedRevision: 0, now: sampleTime(1) });
        expect(await countSuccesses([move(1), move(2), move(3)], StorageErrorCode.PreconditionFailed)).toBe(
          1,
        );
        const digest = sampleDigest(1);
        const [leased, condemned] = await Promise.allSettled([
          objects.putLease(sampleLease(1, digest, 60)),
          objects.condemn([digest], sampleCondemning),
        ]);
        expect([leased.status, condemned]).toEqual(['fulfilled', { status: 'fulfilled', value: [] }]);
      });
      const [summary] = (await context.models.listSummaries()).items;
      expect(summary).toMatchObject({ versionCount: 10, latest: { number: 10 }, aliases: [{ name: 'a' }] });
    },
  },
  {
    name: 'the repositories of a unit of work that is over are refused',
    run: async (context) => {
      let kept: Repositories | undefined;
      await context.store.unitOfWork(async (repositories) => {
        kept = repositories;
      });
      await failureOf(kept?.models.save(sampleModel(1)) ?? Promise.resolve());
      await failureOf(kept?.models.count() ?? Promise.resolve());
      expect(await context.models.count()).toBe(0);
    },
  },
];

async function touchEverything(repositories: Repositories, number: number): Promise<void> {
  const { models, versions, aliases, objects } = repositories;
  const model = sampleModel(number, { tags: { a: 'b' } });
  await models.save(sampleModel(number));
  await models.reserveNumber(model.name);
  await models.reserveNumber(model.name);
  await versions.save(sampleVersion(model, 1, { tags: { c: 'd' } }));
  await aliases.move({ modelId: model.id, name: 'champion', to: 1, expectedRevision: 0, now: sampleTime(1) });
  await objects.putLease(sampleLease(number, sampleDigest(1), 60));
  await objects.addReferences(versionOwner(`version-${number}`), [sampleDigest(1)]);
  await objects.putLocation(sampleLocation(sampleDigest(number), 'lake'));
  await objects.condemn([sampleDigest(2)], sampleCondemning);
}

async function undoEverything(
  { models, versions, aliases, objects }: Repositories,
  number: number,
): Promise<void> {
  const model = sampleModel(number);
  const version = await versions.findByNumber(model.id, 1);
  if (version !== undefined) await versions.save({ ...version, tags: { changed: 'yes' } });
  await versions.delete(sampleVersion(model, 1).id);
  await models.delete(model.id);
  await aliases.move({
    modelId: model.id,
    name: 'champion',
    to: undefined,
    expectedRevision: 1,
    now: sampleTime(2),
  });
  await objects.deleteLeases([sampleId(number)]);
  await objects.deleteReferences(versionOwner(`version-${number}`));
  await objects.deleteLocation(sampleDigest(number), 'lake');
  await objects.absolve([sampleDigest(2)], sampleCondemning.by);
}

async function everythingIn({ models, versions, aliases, objects }: RegistryCaseContext): Promise<unknown> {
  const modelIds = [sampleId(1), sampleId(2)];
  return {
    models: (await models.findAll()).items,
    summaries: (await models.listSummaries()).items,
    tagged: await models.count({ tags: { c: 'd' } }),
    versions: (await versions.findAll()).items,
    taggedVersions: await versions.count({ tags: { c: 'd' } }),
    aliases: await Promise.all(modelIds.map((id) => aliases.findByModel(id))),
    histories: await Promise.all(modelIds.map((id) => aliases.findHistory(id, 'champion'))),
    leases: await Promise.all(modelIds.map((id) => objects.findLease(id))),
    references: await Promise.all(
      ['version-1', 'version-2'].map((id) => objects.findReferences(versionOwner(id))),
    ),
    locations: (await objects.listLocations()).items,
    condemned: await objects.findCondemnation(sampleDigest(2)),
  };
}
