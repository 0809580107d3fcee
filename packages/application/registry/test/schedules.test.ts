import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';
import { type DeleteResult, StorageError } from '@holdfast/ports';
import { recordFact } from '@holdfast/tooling-reliability';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { BurstScheduler } from './support/burst-scheduler.ts';
import { overriding } from './support/overriding.ts';
import { steppingAdapter, steppingRegistry } from './support/stepwise.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

// A saver that waits for a collector loses its patience at once here, so that taking over is tried too.
vi.mock('node:timers/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:timers/promises')>();
  return { ...original, setTimeout: () => original.setImmediate() };
});

/** `HOLDFAST_TEST_LONG=true` tries ten times as many. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const contents = [sampleBytes(50, 1), sampleBytes(60, 2)] as const;
const digests = contents.map((content) => digestOfHex(createHash('sha256').update(content).digest('hex')));

/** What one process does, one after the other. */
type Deed =
  | { readonly kind: 'save'; readonly content: 0 | 1 }
  | { readonly kind: 'remove' }
  | { readonly kind: 'collect'; readonly areLeasesIgnored: boolean };

const anyContent = fc.constantFrom(0 as const, 1 as const);
const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('save' as const), content: anyContent }), weight: 3 },
  { arbitrary: fc.constant({ kind: 'remove' as const }), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constant('collect' as const),
      areLeasesIgnored: fc.constantFrom(false, false, true),
    }),
    weight: 2,
  },
);
const anyBursts = fc.array(
  fc.record({
    process: fc.nat(3),
    steps: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 150 })),
  }),
  { maxLength: 40, size: 'max' },
);
const anyPlans = fc.array(fc.array(anyDeed, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 });

/** Does the deeds of one process. A save that a collection outran is no failure: it says so. */
async function live(world: World, name: string, deeds: readonly Deed[]): Promise<void> {
  for (const deed of deeds) {
    if (deed.kind === 'collect') {
      for await (const _item of world.collection.collect(deed));
    } else if (deed.kind === 'save') {
      await world.persistence.save(contents[deed.content], { name, format: 'binary' }).catch(unlessOutrun);
    } else {
      await world.models.deleteModel(name).catch(unlessMissing);
    }
  }
}

function unlessOutrun(error: unknown): void {
  if (!StorageError.isInstance(error, 'unavailable') || error.retry !== 'temporary') throw error;
}

function unlessMissing(error: unknown): void {
  if (!StorageError.isInstance(error, 'not-found')) throw error;
}

/** Notes every deletion of an object that somebody needs or has leased at this moment. */
function watchingDeletions(world: World, misdeeds: string[]): World['adapter'] {
  return overriding(world.adapter, {
    delete: async (...parameters): Promise<readonly DeleteResult[]> => {
      const results = await world.adapter.delete(...parameters);
      const deleted = results.flatMap((result) =>
        'outcome' in result && result.outcome === 'deleted' ? [result.key] : [],
      );
      const { objects } = world.registry.repositories;
      for (const key of deleted) {
        const digest = `sha256:${key.slice(-64)}` as Digest;
        const [needless] = await objects.findUnreferenced([digest]);
        if (needless === undefined || needless.leasedUntil !== undefined) misdeeds.push(key);
      }
      return results;
    },
  });
}

test.each(registryKinds)(
  'whatever the order of their steps, savers, removers and collectors never lose an object (%s)',
  { timeout: 1_800_000 },
  async (kind) => {
    const numRuns = (kind === 'memory' ? 800 : 20) * (isLong ? 10 : 1);
    await fc.assert(
      fc.asyncProperty(anyBursts, anyPlans, async (bursts, plans) => {
        await using world = await World.make(kind);
        const misdeeds: string[] = [];
        const scheduler = new BurstScheduler(bursts);
        const watched = watchingDeletions(world, misdeeds);
        const processes = plans.map((deeds, index) =>
          scheduler.add(async (run) => {
            const process = world.beside({
              registry: (registry) => steppingRegistry(registry, run),
              adapter: () => steppingAdapter(watched, run),
            });
            await live(process, `model-${index}`, deeds);
          }),
        );
        await scheduler.runAll(processes);

        expect(misdeeds).toEqual([]);
        expect((await world.faults()).missing).toEqual([]);
        for (const version of await world.versions()) await world.persistence.load(version);
        const { objects } = world.registry.repositories;
        expect(await objects.listCondemned()).toEqual([]);
        const needless = await objects.findUnreferenced(digests);
        expect(needless.filter(({ leasedUntil }) => leasedUntil !== undefined)).toEqual([]);
        for await (const _item of world.collection.collect());
        expect(await world.faults()).toEqual(noFaults);
      }),
      { numRuns },
    );
    recordFact({ subject: 'registry', measure: 'random schedules', detail: kind, count: numRuns, isLong });
  },
);
