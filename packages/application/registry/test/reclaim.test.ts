import { type Digest, digestOfHex, utcTimestamp, contentKey } from '@holdfast/domain';
import { type DeleteResult, type StorageAdapter, StorageError } from '@holdfast/ports';
import { claimKey, StoreClaim } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { ObjectReclaimer } from '../src/object-reclaimer.ts';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, type WorldChanges, noFaults, registryKinds, sampleBytes } from './support/world.ts';

const createId = (): string => crypto.randomUUID();

function reclaimerOf(world: World): ObjectReclaimer {
  const { registry, storage } = world;
  return new ObjectReclaimer({
    registry,
    storage,
    claim: new StoreClaim(registry, storage),
    now: () => world.nowMs,
    createId,
  });
}

/** Puts an object that no version needs into the claimed store. */
async function putOrphan(world: World, seed = 5): Promise<Digest> {
  await new StoreClaim(world.registry, world.storage).ensure('main');
  return (await world.storage.save(sampleBytes(30, seed), { format: 'binary' })).checksum;
}

async function condemnedIn(world: World): Promise<readonly Digest[]> {
  return (await world.registry.repositories.objects.listCondemned()).map(({ digest }) => digest);
}

/** Stops somebody at a method of the store until told to go on. */
class Gate {
  readonly reached: Promise<void>;
  readonly #reached = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();

  constructor() {
    this.reached = this.#reached.promise;
  }

  open(): void {
    this.#open.resolve();
  }

  async pass(): Promise<void> {
    this.#reached.resolve();
    await this.#open.promise;
  }
}

describe.each(registryKinds)('%s', (kind) => {
  const make = (changes?: WorldChanges): Promise<World> => World.make(kind, changes);

  test('what nobody needs goes, also many at once, and is told; what a version or a lease needs stays', async () => {
    await using world = await make();
    const { version } = await world.persistence.save(sampleBytes(20), { name: 'model' });
    const orphans: Digest[] = [];
    for (let seed = 10; seed < 130; seed++) orphans.push(await putOrphan(world, seed));
    const leased = await putOrphan(world, 999);
    const { objects } = world.registry.repositories;
    await objects.putLease({ id: 'x', digest: leased, expiresAt: utcTimestamp(world.nowMs) });
    const asked = [...orphans, leased, version.storage.checksum, orphans[0] as Digest];
    expect((await reclaimerOf(world).reclaim(asked, { store: 'main' })).toSorted()).toEqual(
      orphans.toSorted(),
    );
    expect(await world.faults()).toEqual({ missing: [], superfluous: [contentKey(leased)] });
    world.nowMs += 1;
    expect(await reclaimerOf(world).reclaim([leased], { store: 'main' })).toEqual([leased]);
    expect(await objects.listCondemned()).toEqual([]);
    expect(await reclaimerOf(world).reclaim([])).toEqual([]);
  });

  test('an object in a store that is not ours, not configured, or cannot delete conditionally stays, and is not told as gone', async () => {
    await using world = await make();
    const digest = await putOrphan(world);
    const { objects } = world.registry.repositories;
    const key = contentKey(digest);
    const place = { digest, key, sizeBytes: 30, verifiedAt: utcTimestamp(0), state: 'verified' } as const;
    await objects.putLocation({ ...place, storeName: 'gone' });
    expect(await reclaimerOf(world).reclaim([digest])).toEqual([]);
    expect(await world.keys()).toEqual([key]);

    const limited = world.beside({
      adapter: (adapter) =>
        overriding(adapter, { capabilities: { ...adapter.capabilities, deleteIfMatch: false } }),
    });
    expect(await reclaimerOf(limited).reclaim([digest], { store: 'main' })).toEqual([]);
    await world.adapter.put(claimKey, Buffer.from('{"registryId":"somebody else"}'));
    expect(await reclaimerOf(world).reclaim([digest], { store: 'main' })).toEqual([]);
    expect(await world.keys()).toEqual([key]);
    expect(await objects.findLocations(digest)).toHaveLength(1);
    expect(await objects.listCondemned()).toEqual([]);
  });

  test('an object that is not there any more is forgotten with its location', async () => {
    await using world = await make();
    const digest = await putOrphan(world);
    const { objects } = world.registry.repositories;
    await objects.putLocation({
      digest,
      storeName: 'main',
      key: contentKey(digest),
      sizeBytes: 30,
      verifiedAt: utcTimestamp(0),
      state: 'verified',
    });
    await world.adapter.delete([{ key: contentKey(digest) }]);
    expect(await reclaimerOf(world).reclaim([digest])).toEqual([digest]);
    expect(await objects.findLocations(digest)).toEqual([]);
  });

  test('an object whose bytes are lost goes too', async () => {
    await using world = await make({ store: 'filesystem' });
    await new StoreClaim(world.registry, world.storage).ensure('main');
    const { checksum } = await world.storage.save(sampleBytes(50_000), { format: 'binary' });
    const { rm } = await import('node:fs/promises');
    await rm(world.folder.join('store', 'data'), { recursive: true });
    await expectCode(world.adapter.head(contentKey(checksum)), 'corrupt');
    expect(await reclaimerOf(world).reclaim([checksum], { store: 'main' })).toEqual([checksum]);
    expect(await world.keys()).toEqual([]);
  });

  test('a store that refuses leaves the others alone, and its digest condemned for the next saver to end', async () => {
    let refused: string | undefined;
    await using world = await make({
      adapter: (adapter) =>
        overriding(adapter, {
          delete: async (targets): Promise<readonly DeleteResult[]> => {
            const allowed = targets.filter(({ key }) => key !== refused);
            const error = new StorageError({
              code: 'permission-denied',
              operation: 'delete',
              backend: 'memory',
            });
            const results = new Map((await adapter.delete(allowed)).map((result) => [result.key, result]));
            return targets.map(({ key }) => results.get(key) ?? { key, error });
          },
        }),
    });
    const [kept, gone] = [await putOrphan(world, 1), await putOrphan(world, 2)];
    refused = contentKey(kept);
    await expectCode(reclaimerOf(world).reclaim([kept, gone], { store: 'main' }), 'permission-denied');
    expect(await world.keys()).toEqual([refused]);
    const { objects } = world.registry.repositories;
    expect(await condemnedIn(world)).toEqual([kept]);
    expect(await reclaimerOf(world).reclaim([kept], { store: 'main' })).toEqual([]);
    await expectCode(reclaimerOf(world).takeOver(kept), 'permission-denied');
    refused = undefined;
    await reclaimerOf(world).takeOver(kept);
    expect(await world.keys()).toEqual([]);
    expect(await objects.listCondemned()).toEqual([]);
  });

  test('a store that cannot be reached leaves the other stores alone', async () => {
    await using world = await make();
    const digest = await putOrphan(world);
    const other = await putOrphan(world, 6);
    const unreachable = overriding<StorageAdapter>(world.adapter, {
      head: () =>
        Promise.reject(new StorageError({ code: 'unavailable', operation: 'head', backend: 'memory' })),
    });
    const { registry, adapter } = world;
    const storage = new StorageService({ adapters: { lost: unreachable, main: adapter } });
    const place = {
      key: contentKey(digest),
      sizeBytes: 30,
      verifiedAt: utcTimestamp(0),
      state: 'verified',
    } as const;
    await registry.repositories.objects.putLocation({ ...place, digest, storeName: 'lost' });
    const claim = new StoreClaim(registry, storage);
    const reclaimer = new ObjectReclaimer({ registry, storage, claim, createId, now: () => world.nowMs });
    await expectCode(reclaimer.reclaim([digest, other], { store: 'main' }), 'unavailable');
    expect(await world.keys()).toEqual([]);
    expect(await condemnedIn(world)).toEqual([digest]);
  });

  test('taking over what is not condemned does nothing', async () => {
    await using world = await make();
    const { version } = await world.persistence.save(sampleBytes(20), { name: 'model' });
    await reclaimerOf(world).takeOver(version.storage.checksum);
    await reclaimerOf(world).takeOver(digestOfHex('0'.repeat(64)));
    expect(await world.faults()).toEqual(noFaults);
    expect(await world.registry.repositories.objects.findLocations(version.storage.checksum)).toHaveLength(1);
  });

  test('a saver that meets a condemned digest waits for the deletion and uploads again', async () => {
    const gate = new Gate();
    await using world = await make();
    const digest = await putOrphan(world);
    const collector = world.beside({
      adapter: (adapter) =>
        overriding(adapter, {
          delete: async (...parameters) => {
            await gate.pass();
            return adapter.delete(...parameters);
          },
        }),
    });
    const reclaiming = reclaimerOf(collector).reclaim([digest], { store: 'main' });
    await gate.reached;
    let isSaved = false;
    const saving = world.persistence.save(sampleBytes(30, 5), { name: 'model' }).finally(() => {
      isSaved = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isSaved).toBe(false);
    gate.open();
    expect(await reclaiming).toEqual([digest]);
    const { version, isDuplicate } = await saving;
    expect([version.storage.checksum, isDuplicate]).toEqual([digest, false]);
    expect(await world.faults()).toEqual(noFaults);
  });

  /** Somebody ended the work of a reclaimer that was held up, saved the same bytes, and relies on them. */
  const moments: Readonly<Record<string, (adapter: StorageAdapter, gate: Gate) => Partial<StorageAdapter>>> =
    {
      'before it looks': (adapter, gate) => ({
        head: async (...parameters) => {
          await gate.pass();
          return adapter.head(...parameters);
        },
      }),
      'after it looked': (adapter, gate) => ({
        head: async (...parameters) => {
          const info = await adapter.head(...parameters);
          await gate.pass();
          return info;
        },
      }),
      'before it deletes': (adapter, gate) => ({
        delete: async (...parameters) => {
          await gate.pass();
          return adapter.delete(...parameters);
        },
      }),
      'after it deleted': (adapter, gate) => ({
        delete: async (...parameters) => {
          const results = await adapter.delete(...parameters);
          await gate.pass();
          return results;
        },
      }),
    };

  test.each(Object.entries(moments))(
    'a reclaimer that is held up %s harms nobody who went on meanwhile',
    async (_when, hold) => {
      const gate = new Gate();
      await using world = await make();
      const digest = await putOrphan(world);
      const slow = world.beside({ adapter: (adapter) => overriding(adapter, hold(adapter, gate)) });
      const reclaiming = reclaimerOf(slow).reclaim([digest], { store: 'main' });
      await gate.reached;
      await reclaimerOf(world).takeOver(digest);
      const { version } = await world.persistence.save(sampleBytes(30, 5), { name: 'model' });
      gate.open();
      await reclaiming;
      expect(await world.faults()).toEqual(noFaults);
      expect(await world.persistence.load(version)).toHaveLength(30);
      expect(await world.registry.repositories.objects.findLocations(digest)).toHaveLength(1);
    },
  );

  test('a reclaimer that is held up does not absolve what another one has condemned since', async () => {
    const [slowGate, fastGate] = [new Gate(), new Gate()];
    await using world = await make();
    const digest = await putOrphan(world);
    const slow = world.beside({
      adapter: (adapter) => overriding(adapter, moments['after it deleted']?.(adapter, slowGate) ?? {}),
    });
    const slowly = reclaimerOf(slow).reclaim([digest], { store: 'main' });
    await slowGate.reached;
    await reclaimerOf(world).takeOver(digest);
    await putOrphan(world);
    const fast = world.beside({
      adapter: (adapter) => overriding(adapter, moments['before it deletes']?.(adapter, fastGate) ?? {}),
    });
    const again = reclaimerOf(fast).reclaim([digest], { store: 'main' });
    await fastGate.reached;
    slowGate.open();
    await slowly;
    expect(await condemnedIn(world)).toEqual([digest]);
    const saving = world.persistence.save(sampleBytes(30, 5), { name: 'model' });
    fastGate.open();
    await again;
    await saving;
    expect(await world.faults()).toEqual(noFaults);
  });
});
