import {
  type NeededObject,
  type RegistryArchive,
  type RegistryRecord,
  registryRecordKinds,
  VersionStatus,
  changeStatus,
  heldLeaseId,
  versionOwner,
} from '@holdfast/domain';
import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import {
  sampleCondemning,
  sampleDigest,
  sampleLease,
  sampleLocation,
  sampleModel,
  sampleTime,
  sampleVersion,
} from './sample-records.ts';

/** Everything that an archive lists, read in pages of a few. */
async function dump(archive: RegistryArchive, limit: number): Promise<readonly RegistryRecord[]> {
  const records: RegistryRecord[] = [];
  for (const kind of registryRecordKinds) {
    let after: string | undefined;
    do {
      const page = await archive.list(kind, after === undefined ? { limit } : { limit, after });
      records.push(...page.items);
      after = page.next;
    } while (after !== undefined);
  }
  return records;
}

async function needed(archive: RegistryArchive, limit: number): Promise<readonly NeededObject[]> {
  const objects: NeededObject[] = [];
  let after: string | undefined;
  do {
    const page = await archive.listNeeded(after === undefined ? { limit } : { limit, after });
    objects.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return objects;
}

/** Records of every kind, with a past: moved and removed aliases, changed statuses, deleted models, lost numbers. */
async function fill({ models, versions, aliases, objects }: RegistryCaseContext): Promise<void> {
  for (let one = 1; one <= 3; one += 1) {
    const model = await models.save(sampleModel(one, { tags: { team: `t${one}` }, description: 'ü' }));
    await models.save({ ...model, description: 'changed', updatedAt: sampleTime(50) });
    for (let number = 1; number <= one + 1; number += 1) {
      const saved = await versions.save(
        sampleVersion(model, number, { tags: { n: `${number}` }, metrics: { accuracy: 0.5 } }),
      );
      const options = { now: sampleTime(60), reason: 'old' };
      if (number === 1) await versions.save(changeStatus(saved, VersionStatus.Deprecated, options));
      const digests = [sampleDigest(number), sampleDigest(100 + one)];
      await objects.addReferences(versionOwner(saved.id), digests);
      for (const digest of digests) await objects.putLocation(sampleLocation(digest, 'lake'));
    }
    const move = (to: number | undefined, expectedRevision: number, second: number): Promise<unknown> =>
      aliases.move({ modelId: model.id, name: 'best', to, expectedRevision, now: sampleTime(second) });
    await move(1, 0, 70);
    await move(2, 1, 71);
    if (one === 2) await move(undefined, 2, 72);
    await models.reserveNumber(model.name);
  }
  const gone = await models.save(sampleModel(9, { name: 'gone' }));
  await versions.save(sampleVersion(gone, 7));
  await versions.delete(sampleVersion(gone, 7).id);
  await models.delete(gone.id);
  await objects.putLocation(sampleLocation(sampleDigest(1), 'copy', { state: 'corrupt' }));
  await objects.putLocation(sampleLocation(sampleDigest(999), 'lake'));
}

async function seen({ models, versions, aliases }: RegistryCaseContext): Promise<unknown> {
  const { items } = await models.listSummaries();
  return {
    summaries: items,
    tagged: (await models.findAll({ filter: { tags: { n: '3' } } })).items,
    versions: (await versions.findAll()).items,
    taggedVersions: (await versions.findAll({ filter: { tags: { n: '2' } } })).items,
    histories: await Promise.all(items.map(({ model }) => aliases.findHistory(model.id, 'best'))),
    aliases: await Promise.all(items.map(({ model }) => aliases.findByModel(model.id))),
    numbers: await Promise.all(
      ['model-1', 'model-2', 'model-3', 'gone', 'new'].map((name) => models.reserveNumber(name)),
    ),
  };
}

/** What a registry promises to whoever takes it out or brings it in as a whole. */
export const archiveCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'no record is damaged, whatever was done to them, and none is by a copy of all',
    run: async (context) => {
      await fill(context);
      expect((await Array.fromAsync(context.store.checkRecords())).flat()).toEqual([]);
      const other = await context.another();
      await other.archive.insert(await dump(context.archive, 7));
      expect((await Array.fromAsync(other.store.checkRecords())).flat()).toEqual([]);
    },
  },
  {
    name: 'a version is mended by its manifest, by its checksum only as it was, and one that is gone is not',
    run: async (context) => {
      const saved = await context.versions.save(sampleVersion(sampleModel(1), 1, { metrics: { loss: 1 } }));
      const wrong = { ...saved, metrics: { loss: 2 } };
      expect(await context.archive.mendVersion(wrong, 'checksum')).toBe(false);
      expect(await context.versions.findById(saved.id)).toEqual(saved);
      expect(await context.archive.mendVersion(wrong, 'manifest')).toBe(true);
      expect(await context.versions.findById(saved.id)).toEqual(wrong);
      expect((await Array.fromAsync(context.store.checkRecords())).flat()).toEqual([]);
      await context.versions.delete(saved.id);
      expect(await context.archive.mendVersion(saved, 'manifest')).toBe(false);
    },
  },
  {
    name: 'a registry made of the records of another one answers every question as that one does',
    run: async (context) => {
      await fill(context);
      const records = await context.store.unitOfWork(({ archive }) => dump(archive, 2));
      const other = await context.another();
      expect(await other.archive.isEmpty()).toBe(true);
      await other.store.unitOfWork(async ({ archive }) => {
        for (let start = 0; start < records.length; start += 3)
          await archive.insert(records.slice(start, start + 3));
      });
      expect(await other.archive.isEmpty()).toBe(false);
      expect(await dump(other.archive, 100)).toEqual(records);
      expect(await needed(other.archive, 100)).toEqual(await needed(context.archive, 1));
      expect(await seen(other)).toEqual(await seen(context));
    },
  },
  {
    name: 'an alias of an archived registry moves on from its revision',
    run: async (context) => {
      await fill(context);
      const other = await context.another();
      await other.archive.insert(await dump(context.archive, 100));
      const change = { modelId: sampleModel(1).id, name: 'best', to: 1, now: sampleTime(80) };
      await failureOf(other.aliases.move({ ...change, expectedRevision: 1 }));
      expect(await other.aliases.move({ ...change, expectedRevision: 2 })).toMatchObject({ revision: 3 });
      const removed = { ...change, modelId: sampleModel(2).id, expectedRevision: 0 };
      expect(await other.aliases.move(removed)).toMatchObject({ revision: 4 });
    },
  },
  {
    name: 'every needed object is listed once, with where it lies, and nothing else is',
    run: async (context) => {
      await fill(context);
      const objects = await needed(context.archive, 2);
      const expected = [1, 2, 3, 4, 101, 102, 103].map(sampleDigest);
      expect(objects.map(({ digest }) => digest)).toEqual(expected);
      expect(objects[0]?.locations.map(({ storeName }) => storeName)).toEqual(['copy', 'lake']);
      await context.objects.addReferences(versionOwner(sampleModel(1).id), [sampleDigest(998)]);
      expect((await needed(context.archive, 100)).at(-1)).toEqual({
        digest: sampleDigest(998),
        locations: [],
      });
    },
  },
  {
    name: 'a record whose id, name or number is taken is refused, and its unit of work with it',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      const version = await context.versions.save(sampleVersion(model, 1));
      for (const taken of [
        { kind: 'model', model } as const,
        { kind: 'model', model: sampleModel(2, { name: model.name }) } as const,
        { kind: 'version', version } as const,
        { kind: 'version', version: { ...sampleVersion(model, 2), number: 1 } } as const,
      ]) {
        const unit = context.store.unitOfWork(async ({ archive }) => {
          await archive.insert([{ kind: 'model', model: sampleModel(5) }]);
          await archive.insert([taken]);
        });
        expect((await failureOf(unit)).code).toBe('already-exists');
      }
      expect(await context.models.count()).toBe(1);
    },
  },
  {
    name: 'numbers that were given out never fall behind by what is inserted',
    run: async ({ archive, models }) => {
      for (let round = 0; round < 5; round += 1) await models.reserveNumber('name');
      await archive.insert([{ kind: 'counter', name: 'name', last: 3 }]);
      expect(await models.reserveNumber('name')).toBe(6);
      await archive.insert([{ kind: 'counter', name: 'name', last: 9 }]);
      expect(await models.reserveNumber('name')).toBe(10);
      expect(await archive.isEmpty()).toBe(true);
    },
  },
  {
    name: 'a registry that adopts an id tells it from then on, once its unit of work is committed',
    run: async (context) => {
      const own = await context.store.registryId();
      const failure = new Error('given up');
      const unit = context.store.unitOfWork(async ({ archive }) => {
        await archive.adoptId('another');
        throw failure;
      });
      await expect(unit).rejects.toBe(failure);
      expect(await context.store.registryId()).toBe(own);
      await context.archive.adoptId('another');
      for (const handle of await context.handles()) expect(await handle.registryId()).toBe('another');
    },
  },
  {
    name: 'a holder leases every needed digest, keeps it from being condemned, renews and ends all at once',
    run: async ({ archive, objects }) => {
      const [one, two, other] = [sampleDigest(1), sampleDigest(2), sampleDigest(3)];
      await objects.addReferences(versionOwner('v'), [one, two]);
      await objects.putLease(sampleLease(1, other, 500));
      await archive.holdNeeded('holder', sampleTime(100));
      await archive.holdNeeded('holder', sampleTime(50));
      await archive.holdNeeded('holder-two', sampleTime(50));
      expect(await archive.countHold('holder')).toBe(2);
      expect((await objects.findLease(heldLeaseId('holder', one)))?.expiresAt).toBe(sampleTime(100));
      await objects.deleteReferences(versionOwner('v'));
      expect(await objects.condemn([one, two], { ...sampleCondemning, now: sampleTime(60) })).toEqual([]);
      await archive.renewHold('holder', sampleTime(200));
      expect(await objects.condemn([one, two], { ...sampleCondemning, now: sampleTime(150) })).toEqual([]);
      await archive.endHold('holder');
      expect([await archive.countHold('holder'), await archive.countHold('holder-two')]).toEqual([0, 2]);
      expect(await objects.condemn([one, two, other], { ...sampleCondemning, now: sampleTime(150) })).toEqual(
        [one, two],
      );
    },
  },
  {
    name: 'holds are told apart by every character of their holders',
    run: async ({ archive, objects }) => {
      await objects.addReferences(versionOwner('v'), [sampleDigest(1)]);
      await archive.holdNeeded('a-b', sampleTime(100));
      for (const alike of ['A-B', 'a_b', 'a%', '%', 'a-', 'a-b:', '']) {
        expect(await archive.countHold(alike), alike).toBe(0);
        await archive.renewHold(alike, sampleTime(1));
        await archive.endHold(alike);
      }
      expect(await objects.findLease(heldLeaseId('a-b', sampleDigest(1)))).toMatchObject({
        expiresAt: sampleTime(100),
      });
    },
  },
];
