import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StoreClaim, claimKey } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, registryKinds, sampleBytes } from './support/world.ts';

const makes: Readonly<Record<string, (folder: TemporaryFolder) => StorageAdapter>> = {
  memory: () => new MemoryStorageAdapter(),
  filesystem: (folder) => new FilesystemStorageAdapter({ root: folder.join('store') }),
};

describe.each(Object.entries(makes))('%s', (_name, make) => {
  test('the first registry that saves into a store claims it, and a second one is refused', async () => {
    await using folder = await TemporaryFolder.make();
    await using storage = new StorageService({ adapters: { main: make(folder) } });
    const [first, second] = [new MemoryRegistryStore(), new MemoryRegistryStore()];
    const [ours, theirs] = [new StoreClaim(first, storage), new StoreClaim(second, storage)];
    expect(await ours.owner('main')).toBe('unclaimed');
    await ours.ensure('main');
    await ours.ensure('main');
    expect([await ours.owner('main'), await theirs.owner('main')]).toEqual(['ours', 'foreign']);
    const error = await expectCode(theirs.ensure('main'), 'permission-denied');
    expect(error.hint).toBeDefined();
    await new StoreClaim(first, storage).ensure('main');
  });

  test('of two registries that race for a store one wins, whatever the order', async () => {
    for (let round = 0; round < 10; round++) {
      await using folder = await TemporaryFolder.make();
      await using storage = new StorageService({ adapters: { main: make(folder) } });
      const claims = Array.from({ length: 4 }, () => new StoreClaim(new MemoryRegistryStore(), storage));
      const outcomes = await Promise.allSettled(claims.map((claim) => claim.ensure('main')));
      const won = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(won).toHaveLength(1);
      const owners = await Promise.all(claims.map((claim) => claim.owner('main')));
      expect(owners.map((owner) => owner === 'ours')).toEqual(
        outcomes.map(({ status }) => status === 'fulfilled'),
      );
    }
  });
});

test('a registry that saw no claim and was held up does not replace the one that was made meanwhile', async () => {
  const adapter = new MemoryStorageAdapter();
  const [first, second] = [new MemoryRegistryStore(), new MemoryRegistryStore()];
  const ours = new StoreClaim(first, new StorageService({ adapters: { main: adapter } }));
  const slow = overriding<StorageAdapter>(adapter, {
    put: async (...parameters) => {
      await ours.ensure('main');
      return adapter.put(...parameters);
    },
  });
  const theirs = new StoreClaim(second, new StorageService({ adapters: { main: slow } }));
  await expectCode(theirs.ensure('main'), 'permission-denied');
  expect([await ours.owner('main'), await theirs.owner('main')]).toEqual(['ours', 'foreign']);
});

test.each(registryKinds)('a registry that is refused saves nothing (%s)', async (kind) => {
  await using world = await World.make(kind);
  await using other = await World.make(kind);
  await world.persistence.save(sampleBytes(10), { name: 'model' });
  const before = await world.keys();
  const intruder = other.beside({ adapter: () => world.adapter });
  await expectCode(intruder.persistence.save(sampleBytes(20), { name: 'model' }), 'permission-denied');
  expect(await world.keys()).toEqual(before);
  expect(await other.versions()).toEqual([]);
  expect((await other.models.listModels()).items).toEqual([]);
});

test.each([
  ['no JSON', 'not a claim'],
  ['no object', 'null'],
  ['no id', '{"registry":"x"}'],
  ['far too long', `{"registryId":"${'x'.repeat(70_000)}"}`],
])('a claim that is %s is damaged, and nothing is saved or collected', async (_how, text) => {
  await using world = await World.make('memory');
  await world.adapter.put(claimKey, Buffer.from(text));
  const error = await expectCode(world.persistence.save(sampleBytes(10), { name: 'model' }), 'corrupt');
  expect(error).toMatchObject({ key: claimKey });
  await expectCode(Array.fromAsync(world.collection.collect()), 'corrupt');
  expect(await world.keys()).toEqual([]);
});

test('a backend that cannot create conditionally is used without a claim, and is never collected', async () => {
  await using world = await World.make('memory', {
    adapter: (adapter) =>
      overriding(adapter, { capabilities: { ...adapter.capabilities, createIfAbsent: false } }),
  });
  const { version } = await world.persistence.save(sampleBytes(10), { name: 'model' });
  expect(await world.adapter.head(claimKey)).toBeUndefined();
  const { reclaimed } = await world.models.deleteVersion('model:1');
  expect(reclaimed).toEqual([]);
  expect(await world.storage.exists(version.storage)).toBe(true);
  await world.persistence.save(sampleBytes(10), { name: 'model' });
});

test('any other failure to claim is passed on, and the next save tries again', async () => {
  let isBroken = true;
  await using world = await World.make('memory', {
    adapter: (adapter) =>
      overriding(adapter, {
        put: (...parameters) => {
          if (!isBroken) return adapter.put(...parameters);
          return Promise.reject(
            new StorageError({ code: 'unavailable', operation: 'put', backend: 'memory' }),
          );
        },
      }),
  });
  await expectCode(world.persistence.save(sampleBytes(10), { name: 'model' }), 'unavailable');
  isBroken = false;
  await world.persistence.save(sampleBytes(10), { name: 'model' });
  expect(await world.models.findVersion('model')).toMatchObject({ number: 1 });
});

test('an unknown store is refused by its name', async () => {
  await using world = await World.make('memory');
  await expectCode(
    world.persistence.save(sampleBytes(10), { name: 'model', store: 'lake' }),
    'invalid-configuration',
  );
});
