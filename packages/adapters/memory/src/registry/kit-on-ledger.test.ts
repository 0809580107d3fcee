import {
  type RegistryHarness,
  type RegistryStoreBreakage,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import { type Alias, type AliasChange, type AliasRepository } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

/** A store that breaks promises, and cases that have to notice. */
interface BrokenStore extends RegistryStoreBreakage {
  readonly flaw: string;
  readonly noticedBy: readonly string[];
}

async function movedLater(aliases: AliasRepository, change: AliasChange): Promise<Alias | undefined> {
  const revisionNow = async (): Promise<number> =>
    (await aliases.find(change.modelId, change.name))?.revision ?? 0;
  if ((await revisionNow()) !== change.expectedRevision) return aliases.move(change);
  for (let attempt = 0; attempt < 20; attempt++) {
    const moved = await aliases
      .move({ ...change, expectedRevision: await revisionNow() })
      .catch(() => undefined);
    if (moved !== undefined || change.to === undefined) return moved;
  }
  return aliases.move(change);
}

const brokenStores: readonly BrokenStore[] = [
  {
    flaw: 'moves aliases whatever the revision',
    repositories: ({ aliases }) => ({
      aliases: {
        move: async (change: AliasChange) => {
          const { revision = 0 } = (await aliases.find(change.modelId, change.name)) ?? {};
          return aliases.move({ ...change, expectedRevision: revision });
        },
      },
    }),
    noticedBy: [
      'a move that expects another revision is refused, and nothing is noted',
      'no revision of an alias is used twice, not even after removals',
      'a removed alias is gone',
    ],
  },
  {
    flaw: 'looks at the revision of an alias first and moves it later',
    repositories: ({ aliases }) => ({ aliases: { move: (change) => movedLater(aliases, change) } }),
    noticedBy: [
      'of eight who move an alias from one revision at once, one wins',
      'of eight who make an alias at once, one wins',
    ],
  },
  {
    flaw: 'answers alias histories newest first',
    repositories: ({ aliases }) => ({
      aliases: { findHistory: async (...alias) => (await aliases.findHistory(...alias)).toReversed() },
    }),
    noticedBy: ['every move of an alias is in its history, oldest first, removals too'],
  },
  {
    flaw: 'sorts aliases by locale',
    repositories: ({ aliases }) => ({
      aliases: {
        findByModel: async (id) =>
          (await aliases.findByModel(id)).toSorted((a, b) => a.name.localeCompare(b.name)),
      },
    }),
    noticedBy: ['the aliases of a model and of a version are sorted by the bytes of their names'],
  },
  {
    flaw: 'finds aliases of any case',
    repositories: ({ aliases }) => ({
      aliases: {
        find: async (id, name) =>
          (await aliases.findByModel(id)).find((alias) => alias.name.toLowerCase() === name.toLowerCase()),
      },
    }),
    noticedBy: ['aliases of other models and names, also by case, are others'],
  },
  {
    flaw: 'lists locations in no order',
    repositories: ({ objects }) => ({
      objects: {
        listLocations: async (query) => {
          const page = await objects.listLocations(query);
          return { ...page, items: page.items.toReversed() };
        },
      },
    }),
    noticedBy: [
      'all locations are listed by digest, then store, in pages of every size, and by store and state',
    ],
  },
  {
    flaw: 'notes as verified whatever changed meanwhile',
    repositories: ({ objects }) => ({
      objects: {
        noteVerified: async (seen, verifiedAt) => {
          for (const location of seen)
            await objects.putLocation({ ...location, verifiedAt, state: 'verified' });
        },
      },
    }),
    noticedBy: ['what was found intact is noted, and what changed or went meanwhile is left alone'],
  },
  {
    flaw: 'finds no digest without a location',
    repositories: () => ({ objects: { listUnlocated: async () => ({ items: [] }) } }),
    noticedBy: [
      'digests that versions need and nobody can find are listed, sorted, each once, in pages of every size',
    ],
  },
  {
    flaw: 'counts and lists all locations as due',
    repositories: ({ objects }) => ({
      objects: {
        listLocations: (query = {}) =>
          objects.listLocations({ ...query, notVerifiedSince: '9999-01-01T00:00:00.000Z' }),
        measureLocations: () => objects.measureLocations(),
      },
    }),
    noticedBy: [
      'locations are counted as they are listed, also when their sizes are enormous',
      'locations that are due are those read before a moment, and the corrupt ones',
    ],
  },
  {
    flaw: 'keeps the first note about a store that retires',
    repositories: ({ objects }) => ({
      objects: {
        putRetirement: async (retirement) => {
          const known = await objects.listRetirements();
          if (!known.some(({ storeName }) => storeName === retirement.storeName))
            await objects.putRetirement(retirement);
        },
      },
    }),
    noticedBy: [
      'stores that take no more objects are listed by name, each as it was noted last, until they take some again',
    ],
  },
  {
    flaw: 'keeps the first location of a store',
    repositories: ({ objects }) => ({
      objects: {
        putLocation: async (location) => {
          const known = await objects.findLocations(location.digest);
          if (!known.some(({ storeName }) => storeName === location.storeName))
            await objects.putLocation(location);
        },
      },
    }),
    noticedBy: ['locations of a digest are found sorted by store, and one of the same store is replaced'],
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

describe('the kit for registries, on aliases and the ledger', () => {
  test.each(brokenStores)('notices a store that $flaw', async (broken) => {
    const failing = await failingRegistryCases(harnessOf(broken), broken.noticedBy);
    expect(failing.toSorted()).toEqual(broken.noticedBy.toSorted());
  });
});
