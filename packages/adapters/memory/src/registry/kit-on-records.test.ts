import {
  type RegistryHarness,
  type RegistryStoreBreakage,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import type { Model, ModelVersion, Repositories } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

/** A store that breaks promises, and cases that have to notice. */
interface BrokenStore extends RegistryStoreBreakage {
  readonly flaw: string;
  readonly noticedBy: readonly string[];
}

const anyVersions = async ({ versions }: Repositories, modelId: string): Promise<readonly ModelVersion[]> =>
  (await versions.findAll({ filter: { modelId } })).items;

async function resaved<T extends Model | ModelVersion>(
  repository: { findById(id: string): Promise<T | undefined>; save(record: T): Promise<T> },
  record: T,
): Promise<T> {
  return repository.save({ ...record, revision: (await repository.findById(record.id))?.revision ?? 0 });
}

async function savedLater<T extends Model | ModelVersion>(
  repository: { findById(id: string): Promise<T | undefined>; save(record: T): Promise<T> },
  record: T,
): Promise<T> {
  const { revision = 0 } = (await repository.findById(record.id)) ?? {};
  if (revision !== record.revision) return repository.save(record);
  for (let attempt = 0; attempt < 20; attempt++) {
    const saved = await resaved(repository, record).catch(() => undefined);
    if (saved !== undefined) return saved;
  }
  return resaved(repository, record);
}

const brokenStores: readonly BrokenStore[] = [
  {
    flaw: 'saves whatever the revision',
    repositories: ({ models, versions }) => ({
      models: { save: (model) => resaved(models, model) },
      versions: { save: (version) => resaved(versions, version) },
    }),
    noticedBy: [
      'a model of an older or a future revision is refused, and the stored one stays',
      "five workers who each raise a version's counter ten times make fifty",
      'a version that is gone cannot be saved again under its old revision',
      'a new model whose id is taken is refused, and the stored one stays',
    ],
  },
  {
    flaw: 'looks at the revision first and writes later',
    repositories: ({ models, versions }) => ({
      models: { save: (model) => savedLater(models, model) },
      versions: { save: (version) => savedLater(versions, version) },
    }),
    noticedBy: [
      'of eight who save one revision of a model at once, one wins',
      'of eight who save one revision of a version at once, one wins',
      'of eight who make the same model at once, one wins',
      'of eight who make the same version at once, one wins',
      "five workers who each raise a model's counter ten times make fifty",
    ],
  },
  {
    flaw: 'deletes whatever the revision',
    repositories: ({ models, versions }) => ({
      models: { delete: (id) => models.delete(id) },
      versions: { delete: (id) => versions.delete(id) },
    }),
    noticedBy: [
      'deleting a model of another revision is refused',
      'deleting a version of another revision is refused',
    ],
  },
  {
    flaw: 'never tells that a record was absent',
    repositories: ({ models, versions }) => ({
      models: { delete: async (...parameters) => (await models.delete(...parameters), true) },
      versions: { delete: async (...parameters) => (await versions.delete(...parameters), true) },
    }),
    noticedBy: ['deleting a model tells whether it was there, and leaves the others'],
  },
  {
    flaw: 'stores text in Latin 1',
    repositories: ({ models, versions }) => ({
      models: {
        save: (model) =>
          models.save({ ...model, description: Buffer.from(model.description, 'latin1').toString('latin1') }),
      },
      versions: {
        save: (version) => {
          const { sourceName } = version;
          if (sourceName === undefined) return versions.save(version);
          return versions.save({
            ...version,
            sourceName: Buffer.from(sourceName, 'latin1').toString('latin1'),
          });
        },
      },
    }),
    noticedBy: [
      'a model with any text in it comes back from the store, and through JSON, as it was',
      'a version with everything in it comes back from the store, and through JSON, as it was',
    ],
  },
  {
    flaw: 'answers a change of what is immutable as if it were done',
    repositories: ({ versions }) => ({
      versions: {
        save: (version) =>
          versions.save(version).catch((error: unknown) => {
            if (StorageError.isInstance(error, 'invalid-argument')) return version;
            throw error;
          }),
      },
    }),
    noticedBy: [
      'the field storage of a version that is ready cannot change',
      'the field metrics of a version that is ready cannot change',
      'a metric that is removed from a version that is ready is refused as well',
      'a version that is pending may change, and none becomes pending again',
    ],
  },
  {
    flaw: 'forgets who moves an alias',
    repositories: ({ aliases }) => ({
      aliases: { move: (change) => aliases.move({ ...change, by: undefined }) },
    }),
    noticedBy: ['the history of an alias names who moved it, as far as it is known'],
  },
  {
    flaw: 'gives the number of a removed version to another name instead of refusing it',
    repositories: ({ versions }) => ({
      versions: {
        save: (version) =>
          versions.save(version).catch((error: unknown) => {
            if (!StorageError.isInstance(error, 'already-exists')) throw error;
            return versions.save({ ...version, modelName: `${version.modelName}-again` });
          }),
      },
    }),
    noticedBy: [
      'the number of a version that was removed is never used again, not by another id or a new model of the name',
    ],
  },
  {
    flaw: 'keeps only the first megabyte of an inspection',
    repositories: ({ versions }) => ({
      versions: {
        save: (version) =>
          versions.save(
            JSON.stringify(version).length > 1_000_000 ? { ...version, inspection: {} } : version,
          ),
      },
    }),
    noticedBy: ['an inspection of two megabytes comes back as it was'],
  },
  {
    flaw: 'answers with storage that is plain data',
    repositories: ({ versions }) => ({
      versions: {
        findById: async (id) => {
          const found = await versions.findById(id);
          return found === undefined ? undefined : (JSON.parse(JSON.stringify(found)) as ModelVersion);
        },
      },
    }),
    noticedBy: ['a version with everything in it comes back from the store, and through JSON, as it was'],
  },
  {
    flaw: 'fills what is absent with null',
    repositories: ({ versions }) => ({
      versions: {
        findByNumber: async (...version) => {
          const found = await versions.findByNumber(...version);
          return found === undefined
            ? undefined
            : ({ sourceName: null, ...found } as unknown as ModelVersion);
        },
      },
    }),
    noticedBy: ['what a version does not have stays absent'],
  },
  {
    flaw: 'shares its records',
    repositories: ({ models }) => {
      const shared = new Map<string, Model>();
      return {
        models: {
          save: async (model) => {
            await models.save(model);
            shared.set(model.id, Object.assign(model, { revision: 1 }));
            return model;
          },
          findById: async (id) => shared.get(id),
        },
      };
    },
    noticedBy: ['a stored model is not shared with those who saved or found it'],
  },
  {
    flaw: 'numbers by counting versions',
    repositories: (good) => ({
      models: {
        reserveNumber: async (name) => {
          const model = await good.models.findByName(name);
          return (model === undefined ? 0 : (await anyVersions(good, model.id)).length) + 1;
        },
      },
    }),
    noticedBy: [
      'numbers of a name are given out from 1 up, each name on its own',
      'no number is given out twice to five workers at once',
      'a number is not given out again when its version is never published or the model is deleted and made again',
      'a number that a version was saved with is never given out, not even after its deletion',
      'a renamed model does not begin to count anew',
      'a number taken outside stays taken when a unit of work after it fails',
    ],
  },
];

function harnessOf(breakage: RegistryStoreBreakage): RegistryHarness {
  return {
    createStore: () => {
      const records = new MemoryRegistryRecords();
      return { open: () => breakRegistryStore(new MemoryRegistryStore({ records }), breakage) };
    },
    propertyRuns: 30,
  };
}

describe('the kit for registries, on repositories of records', () => {
  test.each(brokenStores)('notices a store that $flaw', async (broken) => {
    const failing = await failingRegistryCases(harnessOf(broken), broken.noticedBy);
    expect(failing.toSorted()).toEqual(broken.noticedBy.toSorted());
  });
});
