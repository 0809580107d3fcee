import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, utcTimestamp, contentKey } from '@holdfast/domain';
import { type CollectLeftoversOptions, StorageError, type StoreMaintenance } from '@holdfast/ports';
import type { CollectOptions, CollectedItem } from '@holdfast/registry';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';
import { World, sampleBytes } from './support/world.ts';

/** A store like a bucket: uploads of these keys are open in it. */
async function bucketWith(open: Set<string>, { isDenied = false } = {}): Promise<World> {
  const maintenance: StoreMaintenance = {
    collectLeftovers: async ({ isDryRun, whyKept }: CollectLeftoversOptions = {}) => {
      if (isDenied)
        throw new StorageError({ code: 'permission-denied', operation: 'list', backend: 'memory' });
      const removed = [];
      const kept = [];
      for (const name of open) {
        const reason = await whyKept?.(name);
        if (reason !== undefined) kept.push({ name, sizeBytes: 5, reason });
        else {
          removed.push({ name, sizeBytes: 5, reason: 'killed' });
          if (isDryRun !== true) open.delete(name);
        }
      }
      return { removed, kept };
    },
    checkRecords: async function* () {},
    snapshot: async () => undefined,
    rebuild: () => Promise.reject(new Error('never asked')),
  };
  return World.make('memory', { adapter: (adapter) => overriding(adapter, { maintenance }) });
}

async function collect(world: World, options: CollectOptions = {}): Promise<readonly CollectedItem[]> {
  const items = await Array.fromAsync(world.collection.collect({ ...options, store: 'main' }));
  return items.filter(({ sizeBytes }) => sizeBytes === 5);
}

test('an open upload is ended when its saver has lost the lease, and only then', async () => {
  const open = new Set<string>();
  await using world = await bucketWith(open);
  const { version } = await world.persistence.save(sampleBytes(20), { name: 'model' });
  const digestOf = async (seed: number): Promise<Digest> =>
    (await world.storage.save(sampleBytes(30, seed), { format: 'binary' })).checksum;
  const [leasedDigest, lostDigest] = [await digestOf(7), await digestOf(8)];
  const { objects } = world.registry.repositories;
  const expiresAt = utcTimestamp(world.nowMs + 60_000);
  await objects.putLease({ id: 'saver', digest: leasedDigest, expiresAt });
  const keys = {
    referenced: contentKey(version.storage.checksum),
    leased: contentKey(leasedDigest),
    lost: contentKey(lostDigest),
    named: 'exports/report.bin',
  };
  for (const key of Object.values(keys)) open.add(key);
  const outcomes = async (options?: CollectOptions): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries((await collect(world, options)).map(({ name, outcome }) => [name, outcome]));
  const expected = {
    [keys.referenced]: 'kept',
    [keys.leased]: 'kept',
    [keys.lost]: 'removed',
    [keys.named]: 'kept',
  };
  expect(await outcomes({ isDryRun: true })).toEqual(expected);
  expect(open.size).toBe(4);
  expect(await outcomes()).toEqual(expected);
  expect(open.size).toBe(3);
  expect(await outcomes({ isAlone: true })).toEqual(
    Object.fromEntries([keys.referenced, keys.leased, keys.named].map((key) => [key, 'removed'])),
  );
});

test('a bucket that hides its uploads is collected all the same, and that is reported', async () => {
  await using world = await bucketWith(new Set(), { isDenied: true });
  await world.persistence.save(sampleBytes(20), { name: 'model' });
  const items = await Array.fromAsync(world.collection.collect());
  expect(items).toContainEqual(
    expect.objectContaining({
      outcome: 'kept',
      reason: expect.stringContaining('open uploads cannot be listed') as string,
    }),
  );
});

test('spools of killed saves are collected with the stores', async () => {
  await using world = await bucketWith(new Set());
  const { spoolFolder } = world.storage;
  const name = `holdfast-${randomUUID()}.spool`;
  await writeFile(join(spoolFolder, name), 'left');
  try {
    const found = async (options: CollectOptions): Promise<CollectedItem | undefined> =>
      (await Array.fromAsync(world.collection.collect(options))).find((item) => item.name === name);
    expect(await found({ store: 'main' })).toBeUndefined();
    const item = { storeName: spoolFolder, name, sizeBytes: 4, outcome: 'removed' };
    expect(await found({ isDryRun: true })).toMatchObject(item);
    expect(await found({})).toMatchObject(item);
    expect(await found({})).toBeUndefined();
  } finally {
    await rm(join(spoolFolder, name), { force: true });
  }
});
