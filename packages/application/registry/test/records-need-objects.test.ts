import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { contentKey, parseDigest, utcTimestamp } from '@holdfast/domain';
import {
  ExperimentTrackingService,
  MirrorService,
  RegistryRebuildService,
  RetirementService,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { backUp, restore } from './backup/support.ts';
import { World, registryKinds, sampleBytes } from './support/world.ts';

/** A world in which a run, and nothing else, needs an object of the store. */
async function withArtifact(world: World) {
  const { version } = await world.persistence.save(sampleBytes(5_000), { name: 'plot' });
  const { registry, nowMs } = world;
  const tracking = new ExperimentTrackingService({ registry, now: () => nowMs });
  await tracking.createExperiment({ name: 'faults' });
  const run = await tracking.startRun('faults');
  const digest = parseDigest(version.storage.checksum);
  await tracking.addArtifact(run.id, { path: 'plots/loss.png', digest });
  await tracking.logMetrics(run.id, [
    { key: 'loss', step: 1, value: 0.5 },
    { key: 'loss', step: 2, value: Number.NaN },
  ]);
  await world.models.deleteModel('plot');
  return { tracking, run, digest, key: contentKey(digest) };
}

describe.each(registryKinds)('an object that only a run names, with a registry in %s,', (kind) => {
  test('survives gc --grace 0, until the run is removed', async () => {
    await using world = await World.make(kind);
    const { tracking, run, key } = await withArtifact(world);
    world.nowMs += 1_000 * 86_400_000;
    for await (const _ of world.collection.collect({ areLeasesIgnored: true, isAlone: true }));
    expect(await world.adapter.head(key)).toBeDefined();
    await tracking.removeRun(run.id);
    for await (const _ of world.collection.collect({ areLeasesIgnored: true, isAlone: true }));
    expect(await world.adapter.head(key)).toBeUndefined();
  });

  test('is verified, and its damage names the run', async () => {
    await using world = await World.make(kind);
    const { run, key } = await withArtifact(world);
    await world.adapter.put(key, sampleBytes(5_000, 2));
    const found = await Array.fromAsync(world.verification.verify());
    expect(found.filter(({ state }) => state !== 'intact')).toMatchObject([
      { key, affected: [{ reference: `run ${run.id}`, kind: 'training_run', id: run.id, part: 'content' }] },
    ]);
  });

  test('is in a backup with its record and series, and comes back from it', async () => {
    await using world = await World.make(kind);
    const { tracking, run, key } = await withArtifact(world);
    const bytes = await backUp(world);
    await using other = await World.make(kind);
    const report = await restore(other, bytes);
    expect(report.summary).toMatchObject({
      objectCount: 1,
      recordCounts: { experiment: 1, training_run: 1 },
    });
    expect(await other.adapter.head(key)).toBeDefined();
    const restored = new ExperimentTrackingService({ registry: other.registry });
    expect(await restored.describeRun(run.id)).toEqual(await tracking.describeRun(run.id));
    for await (const _ of other.collection.collect({ areLeasesIgnored: true, isAlone: true }));
    expect(await other.adapter.head(key)).toBeDefined();
  });

  test('is found again when the registry is rebuilt with a backup', async () => {
    await using world = await World.make(kind);
    const { tracking, run, digest } = await withArtifact(world);
    const bytes = await backUp(world, { contents: 'registry' });
    await using registry = new MemoryRegistryStore();
    const rebuild = new RegistryRebuildService({
      registry,
      storage: world.storage,
      spoolFolder: world.folder.path,
    });
    const rebuilt = await rebuild.rebuild(['main'], {
      mayTakeOver: true,
      backup: async function* open() {
        yield bytes;
      },
    });
    expect(rebuilt.findings).toEqual([]);
    const found = new ExperimentTrackingService({ registry });
    expect(await found.describeRun(run.id)).toEqual(await tracking.describeRun(run.id));
    expect(await registry.repositories.objects.findLocations(digest)).toMatchObject([{ storeName: 'main' }]);
  });

  test('is known in the store that it is mirrored to, and keeps its only store from retiring without a copy', async () => {
    await using world = await World.make(kind);
    const { key, digest } = await withArtifact(world);
    await using spare = new MemoryStorageAdapter();
    const storage = new StorageService({ adapters: { main: world.adapter, spare } });
    const { registry } = world;
    for await (const _ of new MirrorService({ registry, storage }).mirror('main', 'spare'));
    const stores = async () =>
      (await registry.repositories.objects.findLocations(digest)).map(({ storeName }) => storeName);
    expect(await stores()).toEqual(['main', 'spare']);
    await registry.repositories.objects.deleteLocation(digest, 'spare');
    await spare.delete([{ key }]);
    const retired = await Array.fromAsync(
      new RetirementService({ registry, storage }).retire('main', { to: 'spare' }),
    );
    expect(retired).toMatchObject([{ key, outcome: 'copied' }]);
    expect(await stores()).toEqual(['spare']);
  });

  test('that is being deleted cannot be named any more', async () => {
    await using world = await World.make(kind);
    const { tracking, run, digest } = await withArtifact(world);
    const other = await tracking.startRun('faults');
    await tracking.removeRun(run.id);
    const now = utcTimestamp(world.nowMs + 1_000 * 86_400_000);
    await world.registry.repositories.objects.condemn([digest], {
      now,
      by: 'collector',
      storeNames: ['main'],
    });
    await expect(tracking.addArtifact(other.id, { path: 'a', digest })).rejects.toMatchObject({
      code: 'locked',
    });
  });
});
