import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryRegistryStore } from '@holdfast/adapter-memory';
import { type ObjectKey, digestOfHex, utcTimestamp, contentKey, versionOwner } from '@holdfast/domain';
import {
  type CollectOptions,
  type CollectedItem,
  CollectionService,
  StoreClaim,
  claimKey,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

const collect = (world: World, options: CollectOptions = {}): Promise<CollectedItem[]> =>
  Array.fromAsync(world.collection.collect(options));

const outcomesOf = (items: readonly CollectedItem[]): Record<string, string> =>
  Object.fromEntries(items.map(({ name, outcome }) => [name, outcome]));

describe.each(registryKinds)('%s', (kind) => {
  /** A world with a version, and beside it an object that nobody needs and one that is leased for a minute. */
  async function makeWorld() {
    const world = await World.make(kind);
    await world.persistence.save(sampleBytes(10), { name: 'model' });
    const orphan = contentKey((await world.storage.save(sampleBytes(20, 2), { format: 'binary' })).checksum);
    const { checksum } = await world.storage.save(sampleBytes(30, 3), { format: 'binary' });
    const expiresAt = utcTimestamp(world.nowMs + 60_000);
    await world.registry.repositories.objects.putLease({ id: 'lease', digest: checksum, expiresAt });
    const named = await world.storage.save(sampleBytes(5, 5), { key: 'results/latest', format: 'binary' });
    const odd = await world.storage.save(sampleBytes(5, 6), {
      key: `objects/sha256/zz/${'0'.repeat(64)}`,
      format: 'binary',
    });
    return { world, orphan, leased: contentKey(checksum), others: [named.storagePath, odd.storagePath] };
  }

  test('what nobody needs goes, what is leased stays with the reason, and nothing else is touched', async () => {
    const { world, orphan, leased, others } = await makeWorld();
    await using _world = world;
    const told = await collect(world);
    expect(told.toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toEqual([
      { storeName: 'main', name: orphan, sizeBytes: 20, outcome: 'removed', reason: expect.any(String) },
      {
        storeName: 'main',
        name: leased,
        sizeBytes: 30,
        outcome: 'kept',
        reason: expect.stringContaining('leased until'),
      },
    ]);
    expect((await world.faults()).missing).toEqual([]);
    expect((await world.keys()).toSorted()).toEqual(expect.arrayContaining([leased, ...others]));
    expect(await world.keys()).not.toContain(orphan);

    world.nowMs += 60_001;
    expect(await collect(world)).toMatchObject([{ name: leased, outcome: 'removed' }]);
    expect(await collect(world)).toEqual([]);
    expect((await world.faults()).superfluous.toSorted()).toEqual(others.toSorted());
  });

  test('a dry run tells the same and does nothing', async () => {
    const { world, orphan, leased } = await makeWorld();
    await using _world = world;
    const before = await world.keys();
    const dry = outcomesOf(await collect(world, { isDryRun: true }));
    expect(dry).toEqual({ [leased]: 'kept', [orphan]: 'removed' });
    expect(await world.keys()).toEqual(before);
    expect(outcomesOf(await collect(world))).toEqual(dry);
  });

  test('leases are ignored when that is asked for', async () => {
    const { world, orphan, leased } = await makeWorld();
    await using _world = world;
    const told = await collect(world, { areLeasesIgnored: true, store: 'main' });
    expect(told.map(({ name }) => name).toSorted()).toEqual([leased, orphan].toSorted());
    expect(told.every(({ outcome }) => outcome === 'removed')).toBe(true);
  });

  test('what a dead reclaimer left condemned can be saved again', async () => {
    const { world } = await makeWorld();
    await using _world = world;
    const { version } = await world.persistence.save(sampleBytes(40, 4), { name: 'other' });
    const registry = world.registry.repositories;
    await registry.objects.deleteReferences(versionOwner(version.id));
    await registry.versions.delete(version.id);
    const left = { now: utcTimestamp(world.nowMs), by: 'dead', storeNames: ['main'] };
    await registry.objects.condemn([version.storage.checksum], left);
    await collect(world);
    expect(await registry.objects.listCondemned()).toEqual([]);
    expect(await world.keys()).not.toContain(version.storage.storagePath);
    await world.persistence.save(sampleBytes(40, 4), { name: 'other' });
  });

  test('leases of the dead go, of needed bytes and of bytes that never came; standing ones stay', async () => {
    const { world } = await makeWorld();
    await using _world = world;
    const { objects } = world.registry.repositories;
    const [version] = await world.versions();
    const needed = version?.storage.checksum ?? digestOfHex('0'.repeat(64));
    const lapsed = { expiresAt: utcTimestamp(world.nowMs - 1) };
    await objects.putLease({ id: 'dead', digest: needed, ...lapsed });
    await objects.putLease({ id: 'early', digest: digestOfHex('1'.repeat(64)), ...lapsed });
    await collect(world, { isDryRun: true });
    expect(await objects.findLease('dead')).toBeDefined();
    await collect(world);
    const left = await Promise.all(['dead', 'early', 'lease'].map((id) => objects.findLease(id)));
    expect(left.map((lease) => lease?.id)).toEqual([undefined, undefined, 'lease']);
  });

  test('stores that are not ours are left alone, with the reason', async () => {
    const { world } = await makeWorld();
    await using _world = world;
    const before = await world.keys();
    await world.adapter.put(claimKey, Buffer.from('{"registryId":"another"}'));
    expect(await collect(world)).toMatchObject([
      { outcome: 'kept', name: '', reason: expect.stringContaining('another registry') },
    ]);
    await world.adapter.delete([{ key: claimKey }]);
    expect(await collect(world)).toMatchObject([
      { outcome: 'kept', reason: expect.stringContaining('no registry') },
    ]);
    expect(await world.keys()).toEqual(before);
    await expectCode(collect(world, { store: 'lake' }), 'invalid-configuration');
  });

  test('progress is told, and the signal stops it', async () => {
    const { world } = await makeWorld();
    await using _world = world;
    const told: number[] = [];
    await collect(world, { onProgress: (count) => told.push(count) });
    expect(told.at(-1)).toBeGreaterThanOrEqual(4);
    await expectCode(collect(world, { signal: AbortSignal.abort() }), 'cancelled');
    await world.models.deleteModel('model');
    expect(await world.faults()).not.toEqual(noFaults);
  });
});

test('a store that cannot delete conditionally keeps its objects, and tells of leftovers all the same', async () => {
  await using folder = await TemporaryFolder.make();
  const root = folder.join('data');
  await using adapter = new FilesystemStorageAdapter({ root, layout: 'plain' });
  await using storage = new StorageService({ adapters: { main: adapter } });
  const registry = new MemoryRegistryStore();
  await new StoreClaim(registry, storage).ensure('main');
  const { storagePath } = await storage.save(sampleBytes(20), { format: 'binary' });
  const collection = new CollectionService({ registry, storage });
  const leftover = `.holdfast-h${'0'.repeat(8)}.b0.n1.p1.s1-${'a'.repeat(32)}`;
  await writeFile(join(root, leftover), 'half');
  for (const isDryRun of [true, false]) {
    const items = await Array.fromAsync(collection.collect({ isDryRun, areLeasesIgnored: true }));
    expect(items).toEqual([
      expect.objectContaining({
        name: '',
        outcome: 'kept',
        reason: expect.stringContaining('never collected'),
      }),
      expect.objectContaining({ name: leftover, outcome: 'kept' }),
    ]);
  }
  expect(await adapter.head(storagePath as ObjectKey)).toBeDefined();
});
