import {
  type Digest,
  type LocationQuery,
  type ObjectLedger,
  type ObjectLocation,
  versionOwner,
} from '@holdfast/domain';
import { expect } from 'vitest';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleDigest, sampleLocation, sampleTime } from './sample-records.ts';

const [a, b, c, d] = [sampleDigest(1), sampleDigest(2), sampleDigest(3), sampleDigest(4)];

async function unlocated(objects: ObjectLedger, limit: number): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (let after: string | undefined; ;) {
    const page = await objects.listUnlocated({ limit, after });
    digests.push(...page.items);
    if (page.next === undefined) return digests;
    expect(page.items).toHaveLength(limit);
    after = page.next;
  }
}

/** What a verification asks of the ledger and notes in it. */
export const verificationCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'digests that versions need and nobody can find are listed, sorted, each once, in pages of every size',
    run: async ({ objects }) => {
      await objects.addReferences(versionOwner('version-1'), [d, a, b]);
      await objects.addReferences(versionOwner('version-2'), [c, d, a]);
      await objects.putLocation(sampleLocation(b, 'lake'));
      await objects.putLocation(sampleLocation(sampleDigest(9), 'lake'));
      for (const limit of [1, 2, 3, 4]) expect(await unlocated(objects, limit)).toEqual([a, c, d]);
      await objects.putLocation(sampleLocation(a, 'lake'));
      await objects.deleteLocation(b, 'lake');
      await objects.deleteReferences(versionOwner('version-2'));
      expect(await objects.listUnlocated()).toEqual({ items: [b, d] });
    },
  },
  {
    name: 'locations are counted as they are listed, also when their sizes are enormous',
    run: async ({ objects }) => {
      expect(await objects.measureLocations()).toEqual({ count: 0, sizeBytes: 0 });
      await objects.putLocation(sampleLocation(a, 'lake'));
      await objects.putLocation(sampleLocation(a, 'archive', { state: 'corrupt', sizeBytes: 0 }));
      await objects.putLocation(sampleLocation(b, 'lake', { sizeBytes: 5_000_000_000 }));
      expect(await objects.measureLocations()).toEqual({ count: 3, sizeBytes: 5_000_000_007 });
      expect(await objects.measureLocations({ storeName: 'lake' })).toEqual({
        count: 2,
        sizeBytes: 5_000_000_007,
      });
      expect(await objects.measureLocations({ state: 'corrupt' })).toEqual({ count: 1, sizeBytes: 0 });
      for (const store of ['one', 'two', 'three'])
        await objects.putLocation(sampleLocation(c, store, { sizeBytes: Number.MAX_SAFE_INTEGER }));
      expect((await objects.measureLocations()).sizeBytes).toBeGreaterThan(2.9 * Number.MAX_SAFE_INTEGER);
    },
  },
  {
    name: 'locations that are due are those read before a moment, and the corrupt ones',
    run: async ({ objects }) => {
      const [early, exact, late] = [sampleTime(9), sampleTime(10), sampleTime(11)];
      await objects.putLocation(sampleLocation(a, 'lake', { verifiedAt: early }));
      await objects.putLocation(sampleLocation(b, 'lake', { verifiedAt: exact }));
      await objects.putLocation(sampleLocation(c, 'lake', { verifiedAt: late }));
      await objects.putLocation(sampleLocation(d, 'lake', { verifiedAt: late, state: 'corrupt' }));
      await objects.putLocation(sampleLocation(d, 'archive', { verifiedAt: early, state: 'corrupt' }));
      expect(await due({ notVerifiedSince: exact })).toEqual([`${a} lake`, `${d} archive`, `${d} lake`]);
      expect(await due({ notVerifiedSince: exact, storeName: 'lake' })).toEqual([`${a} lake`, `${d} lake`]);
      expect(await due({ notVerifiedSince: early, state: 'verified' })).toEqual([]);
      expect(await objects.measureLocations({ notVerifiedSince: exact })).toEqual({
        count: 3,
        sizeBytes: 21,
      });

      async function due(query: LocationQuery): Promise<readonly string[]> {
        const { items } = await objects.listLocations(query);
        return items.map(({ digest, storeName }) => `${digest} ${storeName}`);
      }
    },
  },
  {
    name: 'what was found intact is noted, and what changed or went meanwhile is left alone',
    run: async ({ objects }) => {
      const [seenAt, now] = [sampleTime(0), sampleTime(60)];
      const seen: ObjectLocation[] = [];
      for (let number = 0; number < 1_500; number++) seen.push(sampleLocation(sampleDigest(number), 'lake'));
      const healed = sampleLocation(a, 'archive', { state: 'corrupt' });
      for (const location of [...seen, healed]) await objects.putLocation(location);
      const moved = sampleLocation(b, 'lake', { key: 'elsewhere' });
      const marked = sampleLocation(c, 'lake', { state: 'corrupt' });
      const reread = sampleLocation(d, 'lake', { verifiedAt: sampleTime(30) });
      for (const location of [moved, marked, reread]) await objects.putLocation(location);
      await objects.deleteLocation(sampleDigest(5), 'lake');
      await objects.noteVerified([...seen, healed], now);
      await objects.noteVerified([], now);
      expect(await objects.findLocations(a)).toEqual([
        { ...healed, state: 'verified', verifiedAt: now },
        sampleLocation(a, 'lake', { verifiedAt: now }),
      ]);
      for (const kept of [moved, marked, reread])
        expect(await objects.findLocations(kept.digest)).toEqual([kept]);
      expect(await objects.findLocations(sampleDigest(5))).toEqual([]);
      const { items } = await objects.listLocations();
      expect(items.filter(({ verifiedAt }) => verifiedAt === now)).toHaveLength(1_497);
      expect(items.filter(({ verifiedAt }) => verifiedAt === seenAt)).toHaveLength(2);
    },
  },
];
