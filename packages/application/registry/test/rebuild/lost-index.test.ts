import { open, readdir, rm } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { backUp, dumpOf } from '../backup/support.ts';
import { World, type WorldChanges } from '../support/world.ts';
import { fill, rebuild } from './support.ts';

describe('a store that lost its index', () => {
  const changes: WorldChanges = { store: 'filesystem' };

  async function loseIndex(world: World): Promise<FilesystemStorageAdapter> {
    await world.adapter[Symbol.asyncDispose]();
    const root = world.folder.join('store');
    for (const name of await readdir(root)) if (name.startsWith('index.db')) await rm(`${root}/${name}`);
    return new FilesystemStorageAdapter({ root });
  }

  test('is mended first: everything that a copy of the index has comes back, with the registry', async () => {
    await using world = await World.make('memory', changes);
    await fill(world);
    await backUp(world, { contents: 'registry' });
    await using adapter = await loseIndex(world);
    await expect(adapter.head('x' as ObjectKey)).rejects.toMatchObject({
      hint: expect.stringContaining('holdfast registry rebuild'),
    });
    await using fresh = await World.make('memory');
    const storage = new StorageService({ adapters: { main: adapter } });
    const report = await rebuild({ registry: fresh.registry, storage, nowMs: world.nowMs });
    expect(report).toMatchObject({ isRebuilt: true, versionCount: 4, findings: [] });
    expect(report.mendedStores).toEqual([
      expect.objectContaining({ storeName: 'main', fromBytes: 0, lost: [] }),
    ]);
  });

  test('is mended for a registry that is there, which stays as it is', async () => {
    await using world = await World.make('SQLite', changes);
    await fill(world);
    await backUp(world, { contents: 'registry' });
    const before = await dumpOf(world.registry);
    await using adapter = await loseIndex(world);
    const storage = new StorageService({ adapters: { main: adapter } });
    const report = await rebuild({ registry: world.registry, storage, nowMs: world.nowMs });
    expect(report).toMatchObject({ isRebuilt: false, mendedStores: [{ storeName: 'main' }] });
    expect(await dumpOf(world.registry)).toEqual(before);
  });

  test('is mended when the index is there and damaged, and used on', async () => {
    await using world = await World.make('SQLite', changes);
    await fill(world);
    await backUp(world, { contents: 'registry' });
    await world.adapter[Symbol.asyncDispose]();
    const index = await open(world.folder.join('store', 'index.db'), 'r+');
    const { size } = await index.stat();
    for (let position = 4_096; position < size; position += 4_096)
      await index.write(Buffer.alloc(64, 'x'), 0, 64, position);
    await index.close();
    await using adapter = new FilesystemStorageAdapter({ root: world.folder.join('store') });
    const storage = new StorageService({ adapters: { main: adapter } });
    await rebuild({ registry: world.registry, storage, nowMs: world.nowMs });
    const { storage: info } = await world.models.findVersion('team/a:3');
    expect(await storage.load(info)).toHaveLength(200);
  });
});
