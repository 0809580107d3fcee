import { compareKeys, versionOwner } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleDigest, sampleId, sampleLease, sampleLocation, sampleTime } from './sample-records.ts';

/** What leases, references and locations promise. */
export const ledgerCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a lease is written, renewed by its id, and found as it is now',
    run: async ({ objects }) => {
      const lease = sampleLease(1, sampleDigest(1), 60);
      await objects.putLease(lease);
      expect(await objects.findLease(lease.id)).toEqual(lease);
      const renewed = { ...lease, expiresAt: sampleTime(120) };
      await objects.putLease(renewed);
      expect(await objects.findLease(lease.id)).toEqual(renewed);
      expect(await objects.findLease(sampleId(2))).toBeUndefined();
    },
  },
  {
    name: 'ended leases are gone, and those gone already are passed over',
    run: async ({ objects }) => {
      for (const number of [1, 2, 3]) await objects.putLease(sampleLease(number, sampleDigest(1), 60));
      await objects.deleteLeases([sampleId(1), sampleId(9), sampleId(2)]);
      await objects.deleteLeases([sampleId(1)]);
      await objects.deleteLeases([]);
      expect(await objects.findLease(sampleId(1))).toBeUndefined();
      expect(await objects.findLease(sampleId(2))).toBeUndefined();
      expect(await objects.findLease(sampleId(3))).toBeDefined();
    },
  },
  {
    name: 'references are found from both ends, sorted, each once',
    run: async ({ objects }) => {
      const [a, b, c] = [sampleDigest(1), sampleDigest(2), sampleDigest(3)];
      await objects.addReferences(versionOwner('version-2'), [c, a, c]);
      await objects.addReferences(versionOwner('version-1'), [a]);
      await objects.addReferences(versionOwner('version-2'), [b, a]);
      await objects.addReferences(versionOwner('version-3'), []);
      expect(await objects.findReferences(versionOwner('version-2'))).toEqual([a, b, c]);
      expect(await objects.findReferences(versionOwner('version-3'))).toEqual([]);
      expect(await objects.findOwners(a)).toEqual([versionOwner('version-1'), versionOwner('version-2')]);
      expect(await objects.findOwners(sampleDigest(9))).toEqual([]);
    },
  },
  {
    name: 'what a version needed is forgotten, what others need is not',
    run: async ({ objects }) => {
      for (const version of ['version-1', 'version-2'])
        await objects.addReferences(versionOwner(version), [sampleDigest(1), sampleDigest(2)]);
      await objects.deleteReferences(versionOwner('version-1'));
      await objects.deleteReferences(versionOwner('version-1'));
      expect(await objects.findReferences(versionOwner('version-1'))).toEqual([]);
      expect(await objects.findReferences(versionOwner('version-2'))).toHaveLength(2);
      expect(await objects.findOwners(sampleDigest(1))).toEqual([versionOwner('version-2')]);
    },
  },
  {
    name: 'a version can refer to 10,000 digests',
    run: async ({ objects }) => {
      const digests = Array.from({ length: 10_000 }, (_, number) => sampleDigest(number));
      await objects.addReferences(versionOwner('version-1'), digests.toReversed());
      expect(await objects.findReferences(versionOwner('version-1'))).toEqual(digests);
    },
  },
  {
    name: 'locations of a digest are found sorted by store, and one of the same store is replaced',
    run: async ({ objects }) => {
      const digest = sampleDigest(1);
      for (const store of ['lake', 'Archive', 'archive'])
        await objects.putLocation(sampleLocation(digest, store));
      const changes = {
        key: 'ü/🔩',
        sizeBytes: Number.MAX_SAFE_INTEGER,
        verifiedAt: sampleTime(9),
        state: 'corrupt',
      } as const;
      const replaced = sampleLocation(digest, 'lake', changes);
      await objects.putLocation(replaced);
      await objects.putLocation(sampleLocation(sampleDigest(2), 'lake'));
      const [upper, lower] = [sampleLocation(digest, 'Archive'), sampleLocation(digest, 'archive')];
      expect(await objects.findLocations(digest)).toEqual([upper, lower, replaced]);
      expect(await objects.findLocations(sampleDigest(3))).toEqual([]);
    },
  },
  {
    name: 'a deleted location is gone, and the others stay',
    run: async ({ objects }) => {
      const digest = sampleDigest(1);
      for (const store of ['archive', 'lake']) await objects.putLocation(sampleLocation(digest, store));
      await objects.deleteLocation(digest, 'lake');
      await objects.deleteLocation(digest, 'lake');
      await objects.deleteLocation(sampleDigest(2), 'archive');
      expect(await objects.findLocations(digest)).toEqual([sampleLocation(digest, 'archive')]);
    },
  },
  {
    name: 'all locations are listed by digest, then store, in pages of every size, and by store and state',
    run: async ({ objects }) => {
      for (const number of [3, 1, 2, 5, 4]) {
        for (const store of ['lake', 'archive']) {
          const state = number % 2 === 0 ? 'corrupt' : 'verified';
          await objects.putLocation(sampleLocation(sampleDigest(number), store, { state }));
        }
      }
      const { items, next } = await objects.listLocations();
      expect(next).toBeUndefined();
      const keys = items.map(({ digest, storeName }) => `${digest} ${storeName}`);
      expect(keys).toEqual(keys.toSorted(compareKeys));
      expect(keys).toHaveLength(10);
      for (const limit of [1, 3, 9, 10, 11]) expect(await listed({ limit })).toEqual(items);
      const inLake = items.filter(({ storeName }) => storeName === 'lake');
      expect(await listed({ storeName: 'lake', limit: 2 })).toEqual(inLake);
      const corrupt = inLake.filter(({ state }) => state === 'corrupt');
      expect(await listed({ storeName: 'lake', state: 'corrupt', limit: 1 })).toEqual(corrupt);
      expect(await listed({ state: 'verified' })).toHaveLength(6);
      await expectRefusal(objects.listLocations({ limit: 0 }), StorageErrorCode.InvalidArgument);

      async function listed(query: Parameters<typeof objects.listLocations>[0]) {
        const pages = [await objects.listLocations(query)];
        for (let after = pages[0]?.next; after !== undefined; after = pages.at(-1)?.next) {
          pages.push(await objects.listLocations({ ...query, after }));
        }
        expect(pages.slice(0, -1).every((page) => page.items.length === query?.limit)).toBe(true);
        return pages.flatMap((page) => page.items);
      }
    },
  },
  {
    name: 'stores that take no more objects are listed by name, each as it was noted last, until they take some again',
    run: async ({ objects }) => {
      const since = sampleTime(1);
      await objects.putRetirement({ storeName: 'b', state: 'retiring', since });
      await objects.putRetirement({ storeName: 'a', state: 'retired', since });
      await objects.putRetirement({ storeName: 'b', state: 'retired', since: sampleTime(2) });
      const [a, b] = await objects.listRetirements();
      expect([a, b]).toEqual([
        { storeName: 'a', state: 'retired', since },
        { storeName: 'b', state: 'retired', since: sampleTime(2) },
      ]);
      await objects.deleteRetirement('a');
      await objects.deleteRetirement('a');
      expect(await objects.listRetirements()).toEqual([b]);
    },
  },
];
