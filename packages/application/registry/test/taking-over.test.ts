import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type Digest, utcTimestamp, contentKey, versionOwner } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { CollectionService, StoreClaim } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { ObjectReclaimer } from '../src/object-reclaimer.ts';
import { withEtagsOfBytes } from './support/etags-of-bytes.ts';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

function reclaimerOver(
  { registry }: World,
  adapters: Readonly<Record<string, StorageAdapter>>,
): ObjectReclaimer {
  const storage = new StorageService({ adapters });
  const claim = new StoreClaim(registry, storage);
  const createId = (): string => crypto.randomUUID();
  return new ObjectReclaimer({ registry, storage, claim, createId, now: () => Date.UTC(2999, 0, 1) });
}

/** A second store, claimed, with bytes in it that no version needs. */
async function secondStore(
  world: World,
): Promise<{ readonly lake: StorageAdapter; readonly digest: Digest }> {
  const lake = new MemoryStorageAdapter();
  const storage = new StorageService({ adapters: { lake } });
  await new StoreClaim(world.registry, storage).ensure('lake');
  return { lake, digest: (await storage.save(sampleBytes(30), { format: 'binary' })).checksum };
}

/** A store whose next deletion is asked for, and waits for the gate to open. */
function slowToDelete(lake: StorageAdapter) {
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slowLake = overriding(lake, {
    delete: async (...parameters) => {
      reached.resolve();
      await gate.promise;
      return lake.delete(...parameters);
    },
  });
  return { slowLake, reached, gate };
}

describe.each(registryKinds)('%s', (kind) => {
  test('one reclaimer looks in every store in which the one before may be deleting', async () => {
    await using world = await World.make(kind);
    await new StoreClaim(world.registry, world.storage).ensure('main');
    const { lake, digest } = await secondStore(world);
    const { slowLake, reached, gate } = slowToDelete(lake);
    const slowly = reclaimerOver(world, { lake: slowLake }).reclaim([digest], { store: 'lake' });
    await reached.promise;
    const found = await world.registry.repositories.objects.findCondemnation(digest);
    expect(found?.storeNames).toEqual(['lake']);
    await reclaimerOver(world, { main: world.adapter, lake }).takeOver(digest);
    expect(await lake.head(contentKey(digest))).toBeUndefined();
    const storage = new StorageService({ adapters: { lake } });
    await storage.save(sampleBytes(30), { format: 'binary' });
    gate.resolve();
    expect(await slowly).toEqual([]);
    expect(await lake.head(contentKey(digest))).toBeDefined();
  });

  test('who cannot look there takes nothing over and says which store it is; a collection goes on', async () => {
    await using world = await World.make(kind);
    await new StoreClaim(world.registry, world.storage).ensure('main');
    const { lake, digest } = await secondStore(world);
    const { objects } = world.registry.repositories;
    const dead = { now: utcTimestamp(world.nowMs), by: 'dead', storeNames: ['lake'] };
    await objects.condemn([digest], dead);
    const error = await expectCode(
      reclaimerOver(world, { main: world.adapter }).takeOver(digest),
      'invalid-configuration',
    );
    expect(error.message).toContain('lake');
    expect(error.hint).toContain('holdfast gc');
    expect((await objects.findCondemnation(digest))?.by).toBe('dead');

    const orphan = (await world.storage.save(sampleBytes(9, 9), { format: 'binary' })).checksum;
    expect(await Array.fromAsync(world.collection.collect())).toMatchObject([
      {
        storeName: 'lake',
        name: contentKey(digest),
        outcome: 'kept',
        reason: expect.stringContaining('not configured'),
      },
      { storeName: 'main', name: contentKey(orphan), outcome: 'removed' },
    ]);
    const storage = new StorageService({ adapters: { lake } });
    await Array.fromAsync(new CollectionService({ registry: world.registry, storage }).collect());
    expect(await objects.listCondemned()).toEqual([]);
    expect(await lake.head(contentKey(digest))).toBeUndefined();
  });

  test('where equal bytes have equal etags, nothing is taken over until it is sure that nobody deletes', async () => {
    await using world = await World.make(kind);
    const { lake: plain, digest } = await secondStore(world);
    const lake = withEtagsOfBytes(plain);
    const { slowLake, reached, gate } = slowToDelete(lake);
    const slowly = reclaimerOver(world, { lake: slowLake }).reclaim([digest], { store: 'lake' });
    await reached.promise;
    const error = await expectCode(reclaimerOver(world, { lake }).takeOver(digest), 'locked');
    expect(error.message).toContain('lake');
    expect(error.hint).toContain('holdfast gc --alone');
    gate.resolve();
    expect(await slowly).toEqual([digest]);

    const { objects } = world.registry.repositories;
    await objects.condemn([digest], { now: utcTimestamp(world.nowMs), by: 'dead', storeNames: ['lake'] });
    const storage = new StorageService({ adapters: { lake } });
    const collection = new CollectionService({ registry: world.registry, storage });
    expect(await Array.fromAsync(collection.collect())).toMatchObject([
      {
        storeName: 'lake',
        name: contentKey(digest),
        outcome: 'kept',
        reason: expect.stringContaining('--alone'),
      },
    ]);
    expect((await objects.findCondemnation(digest))?.by).toBe('dead');
    expect(await Array.fromAsync(collection.collect({ isAlone: true }))).toEqual([]);
    expect(await objects.listCondemned()).toEqual([]);
  });

  test('a condemnation without owner and stores, of an older Holdfast, is ended like any other', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(sampleBytes(30), { name: 'model' });
    const { objects, versions } = world.registry.repositories;
    await objects.deleteReferences(versionOwner(version.id));
    await versions.delete(version.id);
    const digest = version.storage.checksum;
    await objects.condemn([digest], { now: utcTimestamp(world.nowMs), by: '', storeNames: [] });
    await Array.fromAsync(world.collection.collect());
    expect(await objects.listCondemned()).toEqual([]);
    expect(await objects.findLocations(digest)).toEqual([]);
    await world.persistence.save(sampleBytes(30), { name: 'model' });
    await Array.fromAsync(world.collection.collect());
    expect(await world.faults()).toEqual(noFaults);
  });

  test('what has no state that could be named is not deleted, and stays condemned', async () => {
    const broken = new StorageError({ code: 'corrupt', operation: 'head', backend: 'memory' });
    await using world = await World.make(kind);
    await new StoreClaim(world.registry, world.storage).ensure('main');
    const { checksum } = await world.storage.save(sampleBytes(30), { format: 'binary' });
    const unreadable = overriding<StorageAdapter>(world.adapter, {
      head: () => Promise.reject(broken),
      list: async function* () {
        yield { objects: [], prefixes: [] };
      },
    });
    await expectCode(
      reclaimerOver(world, { main: unreadable }).reclaim([checksum], { store: 'main' }),
      'corrupt',
    );
    expect(await world.keys()).toEqual([contentKey(checksum)]);
    await reclaimerOver(world, { main: world.adapter }).takeOver(checksum);
    expect(await world.faults()).toEqual(noFaults);
  });
});
