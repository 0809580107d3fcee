import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ModelVersion, ObjectKey } from '@holdfast/domain';
import {
  MirrorService,
  ModelPersistenceService,
  RetirementService,
  type RetiredObject,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { type RunStep, steppingAdapter, steppingRegistry } from './support/stepwise.ts';
import { sampleBytes } from './support/world.ts';

/** Three stores over one registry. */
class ThreeStores {
  readonly registry: MemoryRegistryStore = new MemoryRegistryStore();
  readonly adapters = {
    old: new MemoryStorageAdapter(),
    lake: new MemoryStorageAdapter(),
    spare: new MemoryStorageAdapter(),
  };

  storage(names: readonly ('old' | 'lake' | 'spare')[] = ['old', 'lake', 'spare']): StorageService {
    return new StorageService({
      adapters: Object.fromEntries(names.map((name) => [name, this.adapters[name]])),
    });
  }

  persistence(storage: StorageService = this.storage()): ModelPersistenceService {
    return new ModelPersistenceService({ registry: this.registry, storage });
  }

  async save(seed: number, store: string): Promise<ModelVersion> {
    const saved = await this.persistence().save(sampleBytes(50, seed), {
      name: `m${seed}`,
      store,
      format: 'binary',
    });
    return saved.version;
  }

  mirror(from: string, to: string): Promise<unknown> {
    return Array.fromAsync(
      new MirrorService({ registry: this.registry, storage: this.storage() }).mirror(from, to),
    );
  }

  service(storage: StorageService = this.storage()): RetirementService {
    return new RetirementService({ registry: this.registry, storage });
  }

  async retire(
    name: string,
    options: Parameters<RetirementService['retire']>[1] = {},
    storage: StorageService = this.storage(),
  ): Promise<readonly RetiredObject['outcome'][]> {
    const objects = await Array.fromAsync(this.service(storage).retire(name, options));
    return objects.map(({ outcome }) => outcome).toSorted();
  }

  async storesOf({ storage }: ModelVersion): Promise<readonly string[]> {
    const places = await this.registry.repositories.objects.findLocations(storage.checksum);
    return places.map(({ storeName }) => storeName);
  }

  async states(): Promise<Readonly<Record<string, string>>> {
    const retirements = await this.registry.repositories.objects.listRetirements();
    return Object.fromEntries(retirements.map(({ storeName, state }) => [storeName, state]));
  }
}

describe('retiring a store', () => {
  test('brings elsewhere what only it has, forgets it, and leaves its bytes', async () => {
    const world = new ThreeStores();
    const [shared, alone] = [await world.save(1, 'lake'), await world.save(2, 'old')];
    await world.mirror('lake', 'old');
    const outcomes = await world.retire('old', { to: 'lake' });
    expect(outcomes.filter((outcome) => outcome === 'kept')).not.toHaveLength(0);
    expect(outcomes.filter((outcome) => outcome === 'copied')).not.toHaveLength(0);
    expect(outcomes).not.toContain('failed');
    expect([await world.storesOf(shared), await world.storesOf(alone)]).toEqual([['lake'], ['lake']]);
    expect(await world.states()).toEqual({ old: 'retired' });
    const without = world.persistence(world.storage(['lake']));
    expect(Buffer.compare(await without.load(alone), sampleBytes(50, 2))).toBe(0);
    expect(await world.adapters.old.head(alone.storage.storagePath as ObjectKey)).toBeDefined();
  });

  test('refuses saves from its first moment, also those that began before, until it is undone', async () => {
    const world = new ThreeStores();
    await world.save(1, 'old');
    const { objects } = world.registry.repositories;
    const storage = world.storage();
    const { old } = world.adapters;
    const closing = overriding(old, {
      put: async (...parameters) => {
        await objects.putRetirement({
          storeName: 'old',
          state: 'retiring',
          since: '2026-01-01T00:00:00.000Z',
        });
        return old.put(...parameters);
      },
    });
    const beside = new StorageService({ adapters: { old: closing } });
    const save = (through: StorageService) =>
      world.persistence(through).save(sampleBytes(9, 7), { name: 'late', store: 'old', format: 'binary' });
    await expectCode(save(beside), 'permission-denied');
    expect(await world.registry.repositories.models.findByName('late')).toBeUndefined();
    await expectCode(save(storage), 'permission-denied');
    await expectCode(world.mirror('lake', 'old'), 'permission-denied');
    await world.service().undo('old');
    expect((await save(storage)).version.number).toBeGreaterThan(0);
  });

  test('reads other copies, and does not believe the registry', async () => {
    const world = new ThreeStores();
    const version = await world.save(1, 'old');
    await world.mirror('old', 'lake');
    const key = version.storage.storagePath as ObjectKey;
    await world.adapters.lake.put(key, sampleBytes(50, 9));
    expect(await world.retire('old', { to: 'lake' })).toContain('copied');
    expect(
      Buffer.compare(await world.persistence(world.storage(['lake'])).load(version), sampleBytes(50, 1)),
    ).toBe(0);
  });

  test('keeps everything when something is safe nowhere else, and goes on when that is mended', async () => {
    const world = new ThreeStores();
    const [good, damaged] = [await world.save(1, 'old'), await world.save(2, 'old')];
    const key = damaged.storage.storagePath as ObjectKey;
    await world.adapters.old.put(key, sampleBytes(50, 9));
    const objects = await Array.fromAsync(world.service().retire('old', { to: 'lake' }));
    expect(objects.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { key, affected: ['m2:1'] },
    ]);
    expect(await world.storesOf(good)).toEqual(['lake', 'old']);
    expect(await world.states()).toEqual({ old: 'retiring' });
    await world.persistence().save(sampleBytes(50, 2), { name: 'm2', store: 'lake', format: 'binary' });
    expect(await world.retire('old')).not.toContain('failed');
    expect(await world.states()).toEqual({ old: 'retired' });
  });

  test('of two stores that are each other’s only copies never lets both go', async () => {
    const world = new ThreeStores();
    const version = await world.save(1, 'old');
    await world.mirror('old', 'lake');
    await Promise.all([world.retire('old', { to: 'spare' }), world.retire('lake', { to: 'spare' })]);
    expect(await world.storesOf(version)).toEqual(['spare']);
    expect(
      Buffer.compare(await world.persistence(world.storage(['spare'])).load(version), sampleBytes(50, 1)),
    ).toBe(0);
  });

  test('of a store that left the configuration forgets what others have, and says what they have not', async () => {
    const world = new ThreeStores();
    const shared = await world.save(1, 'old');
    await world.mirror('old', 'lake');
    const alone = await world.save(2, 'old');
    const storage = world.storage(['lake']);
    const objects = await Array.fromAsync(world.service(storage).retire('old'));
    expect(
      objects.filter(({ outcome }) => outcome === 'failed').map(({ affected }) => affected),
    ).toContainEqual(['m2:1']);
    expect(await world.storesOf(shared)).toEqual(['lake', 'old']);
    expect(await world.retire('old', { isLost: true }, storage)).toContain('lost');
    expect([await world.storesOf(shared), await world.storesOf(alone)]).toEqual([['lake'], []]);
  });

  test('in a dry run changes nothing; what cannot be is refused', async () => {
    const world = new ThreeStores();
    const version = await world.save(1, 'old');
    expect(new Set(await world.retire('old', { to: 'lake', isDryRun: true }))).toEqual(new Set(['copied']));
    expect([await world.storesOf(version), await world.states()]).toEqual([['old'], {}]);
    await expectCode(world.retire('nowhere'), 'not-found');
    await expectCode(world.retire('old', { to: 'old' }), 'invalid-argument');
    await expectCode(world.retire('old', {}, world.storage(['old'])), 'invalid-argument');
    await world.retire('lake');
    await expectCode(world.retire('old', { to: 'lake' }), 'permission-denied');
  });
});

test('a retirement that dies at any step loses nothing, and goes on', async () => {
  const { steps } = await dyingAt(Number.POSITIVE_INFINITY);
  expect(steps).toBeGreaterThan(20);
  for (let step = 0; step < steps; step++) {
    const { world, versions } = await dyingAt(step);
    const all = world.persistence();
    for (const [index, version] of versions.entries())
      expect([step, Buffer.compare(await all.load(version), sampleBytes(50, index + 1))]).toEqual([step, 0]);
    await world.retire('old', { to: 'lake' });
    expect([step, await world.states()]).toEqual([step, { old: 'retired' }]);
    const without = world.persistence(world.storage(['lake']));
    for (const version of versions) await without.load(version);
  }
});

/** A retirement that dies at a step of its registry or stores, and what it leaves. */
async function dyingAt(last: number): Promise<{
  readonly world: ThreeStores;
  readonly versions: readonly ModelVersion[];
  readonly steps: number;
}> {
  const world = new ThreeStores();
  const versions = [await world.save(1, 'lake'), await world.save(2, 'old')];
  await world.mirror('lake', 'old');
  let steps = 0;
  const run: RunStep = async (name, work) => {
    if (steps++ >= last) throw new Error(`It died before ${name}.`);
    return work();
  };
  const { old, lake } = world.adapters;
  const adapters = { old: steppingAdapter(old, run), lake: steppingAdapter(lake, run) };
  const service = new RetirementService({
    registry: steppingRegistry(world.registry, run),
    storage: new StorageService({ adapters }),
  });
  await Array.fromAsync(service.retire('old', { to: 'lake' })).catch(() => undefined);
  return { world, versions, steps };
}

describe('a save into a store that retires', () => {
  test('at any step of the retirement is refused, or brought elsewhere with the rest', async () => {
    const outcomes = new Set<string>();
    for (let step = 0; step < 60; step++) {
      const world = await withOneVersion();
      let saved: ModelVersion | undefined;
      const run = at(step, async () => {
        saved = await world.save(3, 'old').catch(() => undefined);
      });
      await Array.fromAsync(steppingRetirement(world, run).retire('old', { to: 'lake' }));
      outcomes.add(await expectSafe(world, saved));
    }
    expect([...outcomes].toSorted()).toEqual(['refused', 'saved']);
  });

  test('with the retirement at any of its steps is refused, or brought elsewhere with the rest', async () => {
    const outcomes = new Set<string>();
    for (let step = 0; step < 40; step++) {
      const world = await withOneVersion();
      const run = at(step, () => world.retire('old', { to: 'lake' }));
      const registry = steppingRegistry(world.registry, run);
      const storage = new StorageService({ adapters: { old: steppingAdapter(world.adapters.old, run) } });
      const saving = new ModelPersistenceService({ registry, storage }).save(sampleBytes(50, 3), {
        name: 'm3',
        format: 'binary',
      });
      const saved = await saving.then(({ version }) => version).catch(() => undefined);
      await world.retire('old', { to: 'lake' });
      outcomes.add(await expectSafe(world, saved));
    }
    expect([...outcomes].toSorted()).toEqual(['refused', 'saved']);
  });
});

async function withOneVersion(): Promise<ThreeStores> {
  const world = new ThreeStores();
  await world.save(1, 'old');
  return world;
}

/** Does something else, whole, before one step. */
function at(wanted: number, work: () => Promise<unknown>): RunStep {
  let step = 0;
  return async (_name, next) => {
    if (step++ === wanted) await work();
    return next();
  };
}

function steppingRetirement(world: ThreeStores, run: RunStep): RetirementService {
  const { old, lake } = world.adapters;
  return new RetirementService({
    registry: steppingRegistry(world.registry, run),
    storage: new StorageService({
      adapters: { old: steppingAdapter(old, run), lake: steppingAdapter(lake, run) },
    }),
  });
}

/** The store is retired, and what was saved can be had without it. */
async function expectSafe(world: ThreeStores, saved: ModelVersion | undefined): Promise<string> {
  expect(await world.states()).toEqual({ old: 'retired' });
  if (saved === undefined) return 'refused';
  await world.persistence(world.storage(['lake'])).load(saved);
  return 'saved';
}
