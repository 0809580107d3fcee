import type { Digest } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleDigest, sampleId, sampleLease, sampleTime } from './sample-records.ts';

const [a, b, c] = [sampleDigest(1), sampleDigest(2), sampleDigest(3)];
const nowSeconds = 100;
const now = sampleTime(nowSeconds);

/** What condemning and absolving promise. */
export const condemnCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a digest that nobody needs is condemned; others are not',
    run: async (context) => {
      await expectCondemned(context, [a, b], [a, b]);
      expect(await context.objects.isCondemned(c)).toBe(false);
      await expectCondemned(context, [], []);
    },
  },
  {
    name: 'a digest that a version refers to is not condemned, until the reference is gone',
    run: async (context) => {
      await context.objects.addReferences('version-1', [a]);
      await context.objects.addReferences('version-2', [a]);
      await context.objects.deleteReferences('version-2');
      await expectCondemned(context, [a, b], [b]);
      await context.objects.deleteReferences('version-1');
      await expectCondemned(context, [a], [a]);
    },
  },
  {
    name: 'a standing lease protects its digest; one that lapsed, even just before, does not',
    run: async (context) => {
      const { objects } = context;
      await objects.putLease(sampleLease(1, a, nowSeconds + 1));
      await objects.putLease(sampleLease(2, b, nowSeconds));
      await objects.putLease(sampleLease(3, c, nowSeconds - 0.001));
      await expectCondemned(context, [a, b, c], [c]);
    },
  },
  {
    name: 'one standing lease among lapsed ones protects, until it is ended',
    run: async (context) => {
      const { objects } = context;
      await objects.putLease(sampleLease(1, a, nowSeconds - 50));
      await objects.putLease(sampleLease(2, a, nowSeconds + 50));
      await expectCondemned(context, [a], []);
      await objects.deleteLeases([sampleId(2)]);
      await expectCondemned(context, [a], [a]);
    },
  },
  {
    name: 'a renewed lease protects again, and one that moved to another digest protects that one',
    run: async (context) => {
      const { objects } = context;
      await objects.putLease(sampleLease(1, a, nowSeconds - 50));
      await objects.putLease(sampleLease(1, a, nowSeconds + 50));
      await expectCondemned(context, [a], []);
      await objects.putLease(sampleLease(1, b, nowSeconds + 50));
      await expectCondemned(context, [a, b], [a]);
    },
  },
  {
    name: 'a condemned digest cannot be leased, nor a lapsed lease of it renewed',
    run: async (context) => {
      const { objects } = context;
      const lapsed = sampleLease(1, a, nowSeconds - 50);
      await objects.putLease(lapsed);
      await expectCondemned(context, [a], [a]);
      await expectRefusal(objects.putLease(sampleLease(2, a, nowSeconds + 50)), StorageErrorCode.Locked);
      await expectRefusal(
        objects.putLease({ ...lapsed, expiresAt: sampleTime(999) }),
        StorageErrorCode.Locked,
      );
      expect(await objects.findLease(sampleId(2))).toBeUndefined();
      expect(await objects.findLease(lapsed.id)).toBeUndefined();
    },
  },
  {
    name: 'condemning again answers with the condemned ones of earlier calls too, among those asked for',
    run: async (context) => {
      await context.objects.condemn([a, b], now);
      await expectCondemned(context, [a, c], [a, c]);
    },
  },
  {
    name: 'condemning ends the lapsed leases of what it condemns, so that their holders notice, and no others',
    run: async ({ objects }) => {
      await objects.putLease(sampleLease(1, a, nowSeconds - 50));
      await objects.putLease(sampleLease(2, b, nowSeconds - 50));
      await objects.addReferences('version-1', [b]);
      await objects.condemn([a, b], now);
      await objects.absolve([a]);
      expect(await objects.findLease(sampleId(1))).toBeUndefined();
      expect(await objects.findLease(sampleId(2))).toBeDefined();
    },
  },
  {
    name: 'all condemned digests are listed, sorted',
    run: async ({ objects }) => {
      expect(await objects.listCondemned()).toEqual([]);
      await objects.condemn([c, a, b], now);
      await objects.absolve([b]);
      expect(await objects.listCondemned()).toEqual([a, c].toSorted());
    },
  },
  {
    name: 'unreferenced digests are found, sorted, with the latest end of their leases',
    run: async ({ objects }) => {
      await objects.addReferences('version-1', [b]);
      await objects.putLease(sampleLease(1, a, nowSeconds + 5));
      await objects.putLease(sampleLease(2, a, nowSeconds + 9));
      await objects.putLease(sampleLease(3, b, nowSeconds + 9));
      const expected = [{ digest: a, leasedUntil: sampleTime(nowSeconds + 9) }, { digest: c }];
      expect(await objects.findUnreferenced([c, b, a, a])).toEqual(
        expected.toSorted((left, right) => (left.digest < right.digest ? -1 : 1)),
      );
      expect(await objects.findUnreferenced([])).toEqual([]);
    },
  },
  {
    name: 'an absolved digest can be leased again',
    run: async (context) => {
      const { objects } = context;
      await objects.condemn([a, b], now);
      await objects.absolve([a, c]);
      await objects.absolve([a]);
      await objects.absolve([]);
      expect(await objects.isCondemned(a)).toBe(false);
      expect(await objects.isCondemned(b)).toBe(true);
      await objects.putLease(sampleLease(1, a, nowSeconds + 50));
      await expectCondemned(context, [a], []);
    },
  },
  {
    name: '5,000 digests are condemned and absolved at once, without the needed ones',
    run: async (context) => {
      const digests = Array.from({ length: 5_000 }, (_, number) => sampleDigest(number));
      const needed = digests.filter((_, index) => index % 1_000 === 7);
      await context.objects.addReferences('version-1', needed);
      const condemned = await context.objects.condemn(digests, now);
      expect(condemned).toHaveLength(4_995);
      for (const digest of needed) expect(condemned).not.toContain(digest);
      await context.objects.absolve(digests);
      expect(await context.objects.isCondemned(digests[0] as Digest)).toBe(false);
    },
  },
  {
    name: 'of a saver and a collector at once, never do both have their way',
    run: async (context) => {
      const [saver, collector = context.store] = await context.handles();
      for (let round = 0; round < 20; round++) {
        const digest = sampleDigest(1_000 + round);
        const [leased, condemned] = await Promise.allSettled([
          saver?.repositories.objects.putLease(sampleLease(1_000 + round, digest, nowSeconds + 50)),
          collector.repositories.objects.condemn([digest], now),
        ]);
        if (condemned.status === 'rejected') throw condemned.reason;
        expect([leased.status === 'fulfilled', condemned.value.length > 0]).toContain(true);
        expect(condemned.value).toEqual(leased.status === 'fulfilled' ? [] : [digest]);
      }
    },
  },
];

async function expectCondemned(
  { objects }: RegistryCaseContext,
  asked: readonly Digest[],
  condemned: readonly Digest[],
): Promise<void> {
  expect((await objects.condemn(asked, now)).toSorted()).toEqual(condemned.toSorted());
  for (const digest of asked) expect(await objects.isCondemned(digest)).toBe(condemned.includes(digest));
}
