import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import {
  type Digest,
  digestOfHex,
  heldLeaseId,
  isReservedKey,
  utcTimestamp,
  contentKey,
  versionOwner,
} from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { BackupService, RestoreService, StoreClaim, claimKey } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { expectCode } from '../support/expect-code.ts';
import { overriding } from '../support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from '../support/world.ts';
import { backUp, backupServiceOf, damageOf, dumpOf, restore } from './support.ts';

test.each(registryKinds)(
  '%s: savers, removals and collections beside a backup neither disturb it nor are kept from their work',
  async (kind) => {
    await using world = await World.make(kind);
    for (let seed = 1; seed <= 12; seed += 1)
      await world.persistence.save(sampleBytes(500, seed), { name: `m${seed}` });
    const before = await dumpOf(world.registry);
    const chunks: Buffer[] = [];
    {
      await using backup = await backupServiceOf(world).open();
      let round = 0;
      for await (const chunk of backup.chunks()) {
        chunks.push(Buffer.from(chunk));
        round += 1;
        if (round > 12) continue;
        await world.models.deleteModel(`m${round}`);
        await world.persistence.save(sampleBytes(500, 100 + round), { name: `n${round}` });
        await Array.fromAsync(world.collection.collect());
      }
    }
    expect((await world.models.listModels()).items).toHaveLength(12);
    await using other = await World.make('memory');
    await restore(other, Buffer.concat(chunks));
    expect(await dumpOf(other.registry)).toEqual(before);
    expect(await damageOf(other)).toEqual([]);
    await Array.fromAsync(world.collection.collect());
    expect(await world.faults()).toEqual(noFaults);
  },
);

test('a backup that is given up ends what it held', async () => {
  await using world = await World.make('memory');
  const { version } = await world.persistence.save(sampleBytes(500), { name: 'm' });
  {
    await using backup = await backupServiceOf(world).open();
    for await (const _ of backup.chunks()) break;
  }
  await world.models.deleteModel('m');
  expect(await world.keys()).toEqual([]);
  const signal = AbortSignal.abort();
  await expectCode(backupServiceOf(world).open({ signal }), 'cancelled');
  const id = heldLeaseId('x', version.storage.checksum);
  expect(await world.registry.repositories.objects.findLease(id)).toBeUndefined();
});

test('a collection beside a restore takes nothing of it; one that ignores leases makes it fail, and it goes on', async () => {
  await using world = await World.make('memory');
  for (let seed = 1; seed <= 5; seed += 1)
    await world.persistence.save(sampleBytes(500, seed), { name: `m${seed}` });
  const backup = await backUp(world);
  await using other = await World.make('SQLite');
  let isIgnoring = false;
  const beside = other.beside({
    adapter: (adapter) =>
      overriding<StorageAdapter>(adapter, {
        put: async (...parameters) => {
          const info = await adapter.put(...parameters);
          await Array.fromAsync(other.collection.collect({ areLeasesIgnored: isIgnoring }));
          return info;
        },
      }),
  });
  isIgnoring = true;
  await expectCode(restore(beside, backup), 'unavailable');
  expect(await dumpOf(other.registry)).toEqual([]);
  isIgnoring = false;
  await restore(beside, backup);
  expect(await dumpOf(other.registry)).toEqual(await dumpOf(world.registry));
  expect(await other.faults()).toEqual(noFaults);
});

test('a restore that fails at any put goes on when it is run again, and writes nothing twice', async () => {
  await using world = await World.make('memory');
  for (let seed = 1; seed <= 4; seed += 1)
    await world.persistence.save(sampleBytes(500, seed), { name: `m${seed}` });
  const backup = await backUp(world);
  await using other = await World.make('memory');
  let putCount = 0;
  const written: string[] = [];
  const powerFailure = new StorageError({ code: 'unavailable', operation: 'put', backend: 'memory' });
  const failing = other.beside({
    adapter: (adapter) =>
      overriding<StorageAdapter>(adapter, {
        put: async (key, ...rest) => {
          putCount += 1;
          if (putCount % 2 === 0) throw powerFailure;
          const info = await adapter.put(key, ...rest);
          if (!isReservedKey(info.key)) written.push(info.key);
          return info;
        },
      }),
  });
  let attempts = 1;
  for (; (await restore(failing, backup).catch(() => undefined)) === undefined; attempts += 1)
    expect(await dumpOf(other.registry)).toEqual([]);
  expect(attempts).toBeGreaterThan(2);
  expect(written).toHaveLength(4);
  expect(await dumpOf(other.registry)).toEqual(await dumpOf(world.registry));
});

test('a registry that is not empty is refused, and the way out is told', async () => {
  await using world = await World.make('memory');
  const backup = await backUp(world);
  await world.models.createModel({ name: 'm' });
  await expect(restore(world, backup)).rejects.toMatchObject({
    code: 'already-exists',
    hint: expect.stringContaining('database.url'),
  });
});

test('objects go into the stores of their names, or all into one of another kind; an unknown store is refused', async () => {
  await using world = await World.make('memory');
  const [left, right] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
  const storage = new StorageService({ adapters: { left, right } });
  const there = Object.assign(Object.create(world) as World, { storage });
  const persistence = new (world.persistence.constructor as new (options: object) => World['persistence'])({
    registry: world.registry,
    storage,
  });
  await persistence.save(sampleBytes(300, 1), { name: 'm', store: 'left' });
  await persistence.save(sampleBytes(300, 1), { name: 'm', store: 'right' });
  const backup = await backUp(there);

  await using other = await World.make('memory', { store: 'filesystem' });
  await expectCode(restore(other, backup), 'invalid-configuration');
  await expectCode(restore(other, backup, { store: 'elsewhere' }), 'invalid-configuration');
  await restore(other, backup, { store: 'main' });
  expect((await other.versions()).map((one) => one.storage.toJSON())).toEqual([
    expect.objectContaining({ storeName: 'main', storageBackend: 'local_filesystem' }),
    expect.objectContaining({ storeName: 'main', storageBackend: 'local_filesystem' }),
  ]);
  expect(await damageOf(other)).toEqual([]);
  expect(await other.faults()).toEqual(noFaults);

  const fresh = { left: new MemoryStorageAdapter(), right: new MemoryStorageAdapter() };
  await using third = await World.make('memory');
  const both = Object.assign(Object.create(third) as World, {
    storage: new StorageService({ adapters: fresh }),
  });
  await restore(both, backup);
  expect(await dumpOf(third.registry)).toEqual(await dumpOf(world.registry));
  const { checksum } = (await third.versions())[0]?.storage ?? {};
  for (const adapter of [fresh.left, fresh.right])
    expect(await adapter.head(contentKey(checksum as Digest))).toBeDefined();
});

test('the stores of the lost registry are taken over only when that is said, those of another one never', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(300), { name: 'm' });
  const backup = await backUp(world);
  await using other = await World.make('SQLite');
  const inOldStore = Object.assign(Object.create(other) as World, { storage: world.storage });
  await expectCode(restore(inOldStore, backup), 'permission-denied');
  expect(await restore(inOldStore, backup, { mayTakeOver: true })).toMatchObject({ isTakenOver: true });
  expect(await other.registry.registryId()).toBe(await world.registry.registryId());
  expect(await new StoreClaim(other.registry, world.storage).owner('main')).toBe('ours');

  await using third = await World.make('memory');
  await third.adapter.put(claimKey, Buffer.from('{"registryId":"somebody else"}'));
  await expectCode(restore(third, backup, { mayTakeOver: true }), 'permission-denied');
  await expect(third.keys()).resolves.toEqual([]);
});

test('a backup of the registry alone is restored beside the store; missing objects are refused, or marked when allowed', async () => {
  await using world = await World.make('memory');
  const { version } = await world.persistence.save(sampleBytes(300), { name: 'm' });
  const backup = await backUp(world, { contents: 'registry' });
  expect(backup.byteLength).toBeLessThan(12_000);
  await using other = await World.make('SQLite');
  const inOldStore = Object.assign(Object.create(other) as World, { storage: world.storage });
  await world.adapter.delete([{ key: contentKey(version.storage.checksum) }]);
  await expectCode(restore(inOldStore, backup, { mayTakeOver: true }), 'not-found');
  const report = await restore(inOldStore, backup, { mayTakeOver: true, skipDamaged: true });
  expect(report.missing).toEqual([version.storage.checksum]);
  const states = (await other.registry.repositories.objects.listLocations()).items.map(({ state }) => state);
  expect(states).toEqual(['corrupt']);
});

/** What nobody holds any more does not count. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

test('a hundred thousand objects stream through memory of a few', async () => {
  const objectCount = 100_000;
  await using world = await World.make('SQLite');
  const bytes = Buffer.alloc(64, 'x');
  const digest = (index: number): Digest =>
    digestOfHex(createHash('sha256').update(bodyOf(index)).digest('hex'));
  const bodyOf = (index: number): Buffer => {
    const body = Buffer.from(bytes);
    body.writeUInt32BE(index);
    return body;
  };
  const indices = new Map<string, number>();
  const { archive } = world.registry.repositories;
  for (let start = 0; start < objectCount; start += 10_000) {
    const digests = Array.from({ length: 10_000 }, (_, index) => digest(start + index));
    for (const [index, one] of digests.entries()) indices.set(contentKey(one), start + index);
    await archive.insert([
      { kind: 'references', owner: versionOwner(`v${start}`), digests },
      ...digests.map((one) => ({
        kind: 'location' as const,
        location: {
          digest: one,
          storeName: 'main',
          key: contentKey(one),
          sizeBytes: bytes.byteLength,
          verifiedAt: utcTimestamp(0),
          state: 'verified' as const,
        },
      })),
    ]);
  }
  const adapter = overriding<StorageAdapter>(world.adapter, {
    get: async (key) => {
      const body = bodyOf(indices.get(key) ?? 0);
      async function* chunks(): AsyncIterable<Uint8Array> {
        yield body;
      }
      return {
        info: { key, sizeBytes: body.byteLength, etag: 'e', metadata: {}, lastModified: utcTimestamp(0) },
        range: { offset: 0, length: body.byteLength },
        body: chunks(),
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  });
  const storage = new StorageService({ adapters: { main: adapter } });
  collectGarbage();
  const idleBytes = process.memoryUsage().heapUsed;
  let [greatestBytes, writtenBytes, chunkCount] = [0, 0, 0];
  await using backup = await new BackupService({
    registry: world.registry,
    storage,
    spoolFolder: world.folder.path,
  }).open();
  for await (const chunk of backup.chunks()) {
    writtenBytes += chunk.byteLength;
    chunkCount += 1;
    if (chunkCount % 20_000 !== 0) continue;
    await delay(0);
    collectGarbage();
    greatestBytes = Math.max(greatestBytes, process.memoryUsage().heapUsed - idleBytes);
  }
  expect(backup.summary.objectCount).toBe(objectCount);
  expect(writtenBytes).toBeGreaterThan(objectCount * 1_000);
  expect(greatestBytes).toBeLessThan(100_000_000);
}, 300_000);

test('services refuse nothing by themselves: a restore into the store that it was made of needs no new bytes', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(300), { name: 'm' });
  const backup = await backUp(world);
  await world.models.deleteModel('m');
  const { registry, storage } = world;
  await new RestoreService({ registry, storage }).restore({
    open: async function* open() {
      yield backup;
    },
    isReopenable: true,
  });
  expect(await world.faults()).toEqual(noFaults);
  expect(await world.models.findVersion('m')).toMatchObject({ number: 1 });
  const { version } = await world.persistence.save(sampleBytes(300, 2), { name: 'm' });
  expect(version.number).toBe(2);
});
