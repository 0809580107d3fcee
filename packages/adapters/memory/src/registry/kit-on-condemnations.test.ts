import {
  type RegistryHarness,
  type RegistryStoreBreakage,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import { type Digest, type Lease, epochMsOf, utcTimestamp } from '@holdfast/domain';
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
    flaw: 'condemns what is referred to',
    repositories: ({ objects }) => ({
      objects: { addReferences: async () => {}, findReferences: objects.findReferences.bind(objects) },
    }),
    noticedBy: [
      'a digest that a version refers to is not condemned, until the reference is gone',
      '5,000 digests are condemned and absolved at once, without the needed ones',
    ],
  },
  {
    flaw: 'takes all leases as lapsed',
    repositories: ({ objects }) => ({
      objects: {
        condemn: (digests, options) =>
          objects.condemn(digests, { ...options, now: '9999-01-01T00:00:00.000Z' }),
      },
    }),
    noticedBy: [
      'a standing lease protects its digest; one that lapsed, even just before, does not',
      'one standing lease among lapsed ones protects, until it is ended',
      'a renewed lease protects again, and one that moved to another digest protects that one',
      'of a saver and a collector at once, never do both have their way',
    ],
  },
  {
    flaw: 'takes all leases as standing',
    repositories: ({ objects }) => ({
      objects: {
        condemn: (digests, options) =>
          objects.condemn(digests, { ...options, now: '1970-01-01T00:00:00.000Z' }),
      },
    }),
    noticedBy: ['a standing lease protects its digest; one that lapsed, even just before, does not'],
  },
  {
    flaw: 'leases condemned digests',
    repositories: ({ objects }) => ({
      objects: { putLease: (lease) => objects.putLease(lease).catch(() => {}) },
    }),
    noticedBy: ['a condemned digest cannot be leased, nor a lapsed lease of it renewed'],
  },
  {
    flaw: 'answers only with what this call condemned',
    repositories: ({ objects }) => ({
      objects: {
        condemn: async (digests, options) => {
          const fresh: Digest[] = [];
          for (const digest of digests)
            if ((await objects.findCondemnation(digest)) === undefined) fresh.push(digest);
          return objects.condemn(fresh, options);
        },
      },
    }),
    noticedBy: ['condemning again answers with what one has condemned before too, among what is asked for'],
  },
  {
    flaw: 'never absolves',
    repositories: () => ({ objects: { absolve: async () => [] } }),
    noticedBy: ['an absolved digest can be leased again'],
  },
  {
    flaw: 'absolves what somebody else has condemned',
    repositories: ({ objects }) => ({
      objects: {
        absolve: async (digests) => {
          const absolved: Digest[] = [];
          for (const digest of digests) {
            const { by = '' } = (await objects.findCondemnation(digest)) ?? {};
            absolved.push(...(await objects.absolve([digest], by)));
          }
          return absolved;
        },
      },
    }),
    noticedBy: [
      'only who has condemned a digest absolves it',
      'who takes a condemnation over owns it alone, and adds its stores to those of the owner before',
      'of two who take a condemnation over at once, one owns it in the end, and knows all stores',
    ],
  },
  {
    flaw: 'tells what somebody else has condemned as condemned',
    repositories: ({ objects }) => ({
      objects: {
        condemn: async (digests, options) => {
          await objects.condemn(digests, options);
          const condemned = new Set((await objects.listCondemned()).map(({ digest }) => digest));
          return digests.filter((digest) => condemned.has(digest));
        },
      },
    }),
    noticedBy: ['what somebody else has condemned is not condemned again, and not told'],
  },
  {
    flaw: 'leaves a condemnation that is taken over to its first owner',
    repositories: ({ objects }) => ({
      objects: { takeOver: async (digest) => objects.findCondemnation(digest) },
    }),
    noticedBy: [
      'who takes a condemnation over owns it alone, and adds its stores to those of the owner before',
      'of two who take a condemnation over at once, one owns it in the end, and knows all stores',
    ],
  },
  {
    flaw: 'forgets the stores of the owner before',
    repositories: ({ objects }) => ({
      objects: {
        takeOver: async (digest, options) => {
          const { by } = (await objects.findCondemnation(digest)) ?? {};
          if (by === undefined) return undefined;
          await objects.absolve([digest], by);
          await objects.condemn([digest], { ...options, now: '1970-01-01T00:00:00.000Z' });
          return objects.findCondemnation(digest);
        },
      },
    }),
    noticedBy: [
      'who takes a condemnation over owns it alone, and adds its stores to those of the owner before',
      'of two who take a condemnation over at once, one owns it in the end, and knows all stores',
    ],
  },
  {
    flaw: 'condemns what is taken over and was not condemned',
    repositories: ({ objects }) => ({
      objects: {
        takeOver: async (digest, options) => {
          await objects.condemn([digest], { ...options, now: '1970-01-01T00:00:00.000Z' });
          return objects.takeOver(digest, options);
        },
      },
    }),
    noticedBy: ['what is not condemned, or not any more, cannot be taken over'],
  },
  {
    flaw: 'ends leases that end this very moment',
    repositories: ({ objects }) => ({
      objects: {
        deleteLapsedLeases: (now) => objects.deleteLapsedLeases(utcTimestamp(epochMsOf(now) + 1)),
      },
    }),
    noticedBy: ['lapsed leases are ended at once, of needed digests and of digests without an object too'],
  },
  {
    flaw: 'keeps lapsed leases of what it condemns',
    repositories: ({ objects }) => {
      const kept = new Map<string, Lease>();
      return {
        objects: {
          putLease: async (lease) => {
            await objects.putLease(lease);
            kept.set(lease.id, lease);
          },
          findLease: async (id) => (await objects.findLease(id)) ?? kept.get(id),
        },
      };
    },
    noticedBy: [
      'condemning ends the lapsed leases of what it condemns, so that their holders notice, and no others',
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

describe('the kit for registries, on leases and condemnations', () => {
  test.each(brokenStores)('notices a store that $flaw', async (broken) => {
    const failing = await failingRegistryCases(harnessOf(broken), broken.noticedBy);
    expect(failing.toSorted()).toEqual(broken.noticedBy.toSorted());
  });
});
