import { type CondemnOptions, type Digest, versionOwner } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleDigest, sampleId, sampleLease, sampleTime } from './sample-records.ts';

const [a, b, c, d] = [sampleDigest(1), sampleDigest(2), sampleDigest(3), sampleDigest(4)];
const nowSeconds = 100;
const now = sampleTime(nowSeconds);
const first: CondemnOptions = { now, by: 'first', storeNames: ['lake'] };
const second: CondemnOptions = { now, by: 'second', storeNames: ['lake'] };

/** What condemning and absolving promise. */
export const condemnCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a digest that nobody needs is condemned; others are not',
    run: async (context) => {
      await expectCondemned(context, [a, b], [a, b]);
      expect(await context.objects.findCondemnation(c)).toBeUndefined();
      await expectCondemned(context, [], []);
    },
  },
  {
    name: 'a digest that a version refers to is not condemned, until the reference is gone',
    run: async (context) => {
      await context.objects.addReferences(versionOwner('version-1'), [a]);
      await context.objects.addReferences(versionOwner('version-2'), [a]);
      await context.objects.deleteReferences(versionOwner('version-2'));
      await expectCondemned(context, [a, b], [b]);
      await context.objects.deleteReferences(versionOwner('version-1'));
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
    name: 'condemning again answers with what one has condemned before too, among what is asked for',
    run: async (context) => {
      await context.objects.condemn([a, b], first);
      await expectCondemned(context, [a, c], [a, c]);
    },
  },
  {
    name: 'condemning ends the lapsed leases of what it condemns, so that their holders notice, and no others',
    run: async ({ objects }) => {
      await objects.putLease(sampleLease(1, a, nowSeconds - 50));
      await objects.putLease(sampleLease(2, b, nowSeconds - 50));
      await objects.addReferences(versionOwner('version-1'), [b]);
      await objects.condemn([a, b], first);
      await objects.absolve([a], 'first');
      expect(await objects.findLease(sampleId(1))).toBeUndefined();
      expect(await objects.findLease(sampleId(2))).toBeDefined();
    },
  },
  {
    name: 'lapsed leases are ended at once, of needed digests and of digests without an object too',
    run: async ({ objects }) => {
      await objects.putLease(sampleLease(1, a, nowSeconds - 50));
      await objects.putLease(sampleLease(2, b, nowSeconds - 0.001));
      await objects.putLease(sampleLease(3, a, nowSeconds));
      await objects.addReferences(versionOwner('version-1'), [b]);
      expect(await objects.deleteLapsedLeases(now)).toBe(2);
      const left = await Promise.all([1, 2, 3].map((number) => objects.findLease(sampleId(number))));
      expect(left.map((lease) => lease?.id)).toEqual([undefined, undefined, sampleId(3)]);
      expect(await objects.deleteLapsedLeases(now)).toBe(0);
    },
  },
  {
    name: 'all condemnations are listed by digest, with their owners and stores',
    run: async ({ objects }) => {
      expect(await objects.listCondemned()).toEqual([]);
      await objects.condemn([c, a], { now, by: 'first', storeNames: ['lake', 'attic', 'lake'] });
      await objects.condemn([b, d], second);
      await objects.absolve([b], 'second');
      const expected = [
        { digest: a, by: 'first', storeNames: ['attic', 'lake'] },
        { digest: c, by: 'first', storeNames: ['attic', 'lake'] },
        { digest: d, by: 'second', storeNames: ['lake'] },
      ];
      expect(await objects.listCondemned()).toEqual(expected);
      expect(await objects.findCondemnation(d)).toEqual(expected[2]);
    },
  },
  {
    name: 'unreferenced digests are found, sorted, with the latest end of their leases',
    run: async ({ objects }) => {
      await objects.addReferences(versionOwner('version-1'), [b]);
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
      await objects.condemn([a, b], first);
      expect(await objects.absolve([a, c], 'first')).toEqual([a]);
      expect(await objects.absolve([a], 'first')).toEqual([]);
      expect(await objects.absolve([], 'first')).toEqual([]);
      expect(await objects.findCondemnation(a)).toBeUndefined();
      expect(await objects.findCondemnation(b)).toBeDefined();
      await objects.putLease(sampleLease(1, a, nowSeconds + 50));
      await expectCondemned(context, [a], []);
    },
  },
  {
    name: 'what somebody else has condemned is not condemned again, and not told',
    run: async ({ objects }) => {
      await objects.condemn([a], first);
      expect(await objects.condemn([a, b], { now, by: 'second', storeNames: ['attic'] })).toEqual([b]);
      expect(await objects.findCondemnation(a)).toEqual({ digest: a, by: 'first', storeNames: ['lake'] });
    },
  },
  {
    name: 'only who has condemned a digest absolves it',
    run: async ({ objects }) => {
      await objects.condemn([a], first);
      await objects.condemn([b], second);
      expect(await objects.absolve([a, b], 'second')).toEqual([b]);
      expect(await objects.absolve([a], '')).toEqual([]);
      await expectRefusal(objects.putLease(sampleLease(1, a, nowSeconds + 50)), StorageErrorCode.Locked);
      expect(await objects.absolve([a, b], 'first')).toEqual([a]);
    },
  },
  {
    name: 'who takes a condemnation over owns it alone, and adds its stores to those of the owner before',
    run: async ({ objects }) => {
      await objects.condemn([a, b], first);
      const taken = await objects.takeOver(a, { by: 'second', storeNames: ['attic'] });
      expect(taken).toEqual({ digest: a, by: 'second', storeNames: ['attic', 'lake'] });
      expect(await objects.findCondemnation(a)).toEqual(taken);
      expect(await objects.absolve([a, b], 'first')).toEqual([b]);
      await expectRefusal(objects.putLease(sampleLease(1, a, nowSeconds + 50)), StorageErrorCode.Locked);
      expect(await objects.absolve([a], 'second')).toEqual([a]);
      await objects.putLease(sampleLease(1, a, nowSeconds + 50));
    },
  },
  {
    name: 'what is not condemned, or not any more, cannot be taken over',
    run: async (context) => {
      const { objects } = context;
      const others = { by: 'second', storeNames: ['lake'] };
      expect(await objects.takeOver(a, others)).toBeUndefined();
      await objects.condemn([a], first);
      await objects.absolve([a], 'first');
      expect(await objects.takeOver(a, others)).toBeUndefined();
      expect(await objects.listCondemned()).toEqual([]);
    },
  },
  {
    name: 'of two who take a condemnation over at once, one owns it in the end, and knows all stores',
    run: async (context) => {
      const [one = context.store, other = context.store] = await context.handles();
      for (let round = 0; round < 10; round++) {
        const digest = sampleDigest(2_000 + round);
        await context.objects.condemn([digest], first);
        await Promise.all([
          one.repositories.objects.takeOver(digest, { by: 'one', storeNames: ['attic'] }),
          other.repositories.objects.takeOver(digest, { by: 'other', storeNames: ['pond'] }),
        ]);
        const found = await context.objects.findCondemnation(digest);
        expect(found?.storeNames).toEqual(['attic', 'lake', 'pond']);
        const absolved = [
          await context.objects.absolve([digest], 'first'),
          await context.objects.absolve([digest], found?.by === 'one' ? 'other' : 'one'),
          await context.objects.absolve([digest], found?.by ?? ''),
        ];
        expect(absolved).toEqual([[], [], [digest]]);
      }
    },
  },
  {
    name: '5,000 digests are condemned and absolved at once, without the needed ones',
    run: async (context) => {
      const digests = Array.from({ length: 5_000 }, (_, number) => sampleDigest(number));
      const needed = digests.filter((_, index) => index % 1_000 === 7);
      await context.objects.addReferences(versionOwner('version-1'), needed);
      const condemned = await context.objects.condemn(digests, first);
      expect(condemned).toHaveLength(4_995);
      for (const digest of needed) expect(condemned).not.toContain(digest);
      const absolved = await context.objects.absolve(digests, 'first');
      expect(absolved.toSorted()).toEqual(condemned.toSorted());
      expect(await context.objects.listCondemned()).toEqual([]);
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
          collector.repositories.objects.condemn([digest], first),
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
  expect((await objects.condemn(asked, first)).toSorted()).toEqual(condemned.toSorted());
  for (const digest of asked)
    expect((await objects.findCondemnation(digest)) !== undefined).toBe(condemned.includes(digest));
}
