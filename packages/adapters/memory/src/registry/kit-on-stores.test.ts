import {
  type RegistryHarness,
  type RegistryStoreBreakage,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import type { Repositories } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

/** A store that breaks promises, and cases that have to notice. */
interface BrokenStore extends RegistryStoreBreakage {
  readonly flaw: string;
  readonly noticedBy: readonly string[];
}

const brokenStores: readonly BrokenStore[] = [
  {
    flaw: 'has no transaction',
    store: (good) => ({ unitOfWork: (work) => work(good.repositories) }),
    noticedBy: [
      'a unit of work that throws leaves every record as it was, and passes the error on',
      'a unit of work that fails by a refused save leaves nothing behind',
      'nobody on another handle sees what a unit of work has not committed yet',
      'nobody on the same handle sees what a unit of work has not committed, before or after it is rolled back',
      'a write beside a unit of work is neither a part of it nor lost',
      'the repositories of a unit of work that is over are refused',
      'of units of work that each take what the other looks at, no two find it free',
    ],
  },
  {
    flaw: 'rolls every unit of work back',
    store: (good) => ({
      unitOfWork: async <T>(work: (repositories: Repositories) => Promise<T>): Promise<T> => {
        const results: T[] = [];
        const undo = new Error('undo');
        await good
          .unitOfWork(async (repositories) => {
            results.push(await work(repositories));
            throw undo;
          })
          .catch((error: unknown) => {
            if (error !== undo) throw error;
          });
        return results[0] as T;
      },
    }),
    noticedBy: [
      'a unit of work commits what it did in all repositories, and answers with what the work answered',
      'units of work that read, think and write, at once, come out as if one after another',
      'a refusal that the work handles does not undo the rest',
    ],
  },
  {
    flaw: 'wraps the errors of units of work',
    store: (good) => ({
      unitOfWork: (work) =>
        good.unitOfWork(work).catch((error: unknown) => {
          throw new Error('the transaction failed', { cause: error });
        }),
    }),
    noticedBy: ['a unit of work that throws leaves every record as it was, and passes the error on'],
  },
  {
    flaw: 'makes an id for every handle',
    store: () => {
      const id = String(Math.random());
      return { registryId: async () => id };
    },
    noticedBy: [
      'every handle of a registry tells the same id and sees the same records',
      'records outlive their handles',
    ],
  },
  {
    flaw: 'has the same id everywhere',
    store: () => ({ registryId: async () => 'registry' }),
    noticedBy: ['two registries have two ids', 'a disposed store refuses, and can be disposed again'],
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

describe('the kit for registries, on stores', () => {
  test.each(brokenStores)('notices a store that $flaw', async (broken) => {
    const failing = await failingRegistryCases(harnessOf(broken), broken.noticedBy);
    expect(failing.toSorted()).toEqual(broken.noticedBy.toSorted());
  });
});
