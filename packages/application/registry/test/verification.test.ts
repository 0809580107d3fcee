import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { utcTimestamp, contentKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { VerifiedObject } from '@holdfast/registry';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { writeFolder } from './support/folders.ts';
import { overriding } from './support/overriding.ts';
import { World, registryKinds, sampleBytes } from './support/world.ts';

const verify = (world: World, version?: string): Promise<VerifiedObject[]> =>
  Array.fromAsync(world.verification.verify(version === undefined ? {} : { version }));

const sorted = (values: readonly (string | undefined)[]): readonly (string | undefined)[] =>
  values.toSorted((a = '', b = '') => a.localeCompare(b));

const statesOf = (found: readonly VerifiedObject[]): Record<string, string> =>
  Object.fromEntries(found.map(({ digest, state }) => [digest, state]));

describe.each(registryKinds)('%s', (kind) => {
  test('everything that is registered is looked at, each object once, and the time is kept', async () => {
    await using world = await World.make(kind);
    await writeFolder(world.folder.join('in'), {
      a: sampleBytes(10),
      b: sampleBytes(10),
      c: sampleBytes(20, 2),
    });
    await world.persistence.saveFolder(world.folder.join('in'), { name: 'tree' });
    await world.persistence.save(sampleBytes(10), { name: 'file' });
    for (let index = 0; index < 60; index++)
      await world.persistence.save(sampleBytes(5, index), { name: 'many' });
    world.nowMs += 7_000;
    const found = await verify(world);
    expect(sorted(found.map(({ key }) => key))).toEqual(sorted(await world.keys()));
    expect(found.every(({ state, affected }) => state === 'intact' && affected.length === 0)).toBe(true);
    const { items } = await world.registry.repositories.objects.listLocations();
    expect(
      items.every(
        ({ verifiedAt, state }) => verifiedAt === utcTimestamp(world.nowMs) && state === 'verified',
      ),
    ).toBe(true);
  });

  test('damage and loss are found, with every version that is affected, and repaired by the next save', async () => {
    await using world = await World.make(kind);
    const { persistence, adapter } = world;
    await writeFolder(world.folder.join('in'), { a: sampleBytes(10), c: sampleBytes(20, 2) });
    const tree = await persistence.saveFolder(world.folder.join('in'), { name: 'tree' });
    const file = await persistence.save(sampleBytes(10), { name: 'file' });
    const other = await persistence.save(sampleBytes(30, 3), { name: 'other' });
    const [flipped, lost] = [file.version.storage.checksum, other.version.storage.checksum];
    await adapter.put(contentKey(flipped), sampleBytes(10, 99));
    await adapter.delete([{ key: contentKey(lost) }]);
    const found = await verify(world);
    const wrong = found
      .filter(({ state }) => state !== 'intact')
      .toSorted((a, b) => a.state.localeCompare(b.state));
    expect(wrong).toMatchObject([
      {
        digest: flipped,
        state: 'damaged',
        affected: [
          { reference: 'file:1', model: 'file', number: 1, part: 'file' },
          { reference: 'tree:1', model: 'tree', number: 1, part: 'member', paths: ['a'] },
        ],
        storeName: 'main',
        sizeBytes: 10,
      },
      { digest: lost, state: 'missing', affected: [{ reference: 'other:1', part: 'file' }] },
    ]);
    expect(wrong.every(({ reason }) => reason !== undefined && reason.length > 0)).toBe(true);
    const { objects } = world.registry.repositories;
    expect(
      (await objects.listLocations({ state: 'corrupt' })).items.map(({ digest }) => digest).toSorted(),
    ).toEqual([flipped, lost].toSorted());

    expect((await persistence.save(sampleBytes(10), { name: 'file' })).isDuplicate).toBe(false);
    expect((await persistence.save(sampleBytes(30, 3), { name: 'other' })).isDuplicate).toBe(false);
    expect((await verify(world)).every(({ state }) => state === 'intact')).toBe(true);
    expect((await objects.listLocations({ state: 'corrupt' })).items).toEqual([]);
    await persistence.loadToPath(tree.version, world.folder.join('out'));
  });

  test('damage that went away by itself is forgotten', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(sampleBytes(10), { name: 'file' });
    const key = contentKey(version.storage.checksum);
    await world.adapter.put(key, sampleBytes(10, 9));
    expect(statesOf(await verify(world))[version.storage.checksum]).toBe('damaged');
    await world.adapter.put(key, sampleBytes(10));
    expect(statesOf(await verify(world))[version.storage.checksum]).toBe('intact');
    expect((await world.registry.repositories.objects.listLocations({ state: 'corrupt' })).items).toEqual([]);
  });

  test('one version is looked at alone', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(sampleBytes(10), { name: 'file' });
    await world.persistence.save(sampleBytes(20, 2), { name: 'other' });
    const found = await verify(world, 'file');
    expect(found.map(({ digest }) => digest)).toEqual([version.storage.checksum]);
    await expectCode(verify(world, 'nobody'), 'not-found');
    await expect(verify(world, 'file:x')).rejects.toThrow(/version/);
  });

  test('what is removed meanwhile is passed over, and not registered anew', async () => {
    await using world = await World.make(kind);
    await world.persistence.save(sampleBytes(10), { name: 'model' });
    const racing = world.beside({
      adapter: (adapter) =>
        overriding(adapter, {
          get: async (...parameters) => {
            if ((await world.versions()).length > 0) await world.models.deleteModel('model');
            return adapter.get(...parameters);
          },
        }),
    });
    expect(await verify(racing)).toEqual([]);
    expect((await world.registry.repositories.objects.listLocations()).items).toEqual([]);
  });

  test('what is repaired meanwhile is not marked as damaged', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(sampleBytes(10), { name: 'model' });
    const { objects } = world.registry.repositories;
    const { checksum } = version.storage;
    await world.adapter.put(contentKey(checksum), sampleBytes(10, 9));
    let isRepaired = false;
    const racing = world.beside({
      registry: (registry) =>
        overriding(registry, {
          unitOfWork: async (work) => {
            const [location] = await objects.findLocations(checksum);
            if (!isRepaired && location !== undefined) {
              isRepaired = true;
              await objects.putLocation({ ...location, verifiedAt: utcTimestamp(world.nowMs + 1) });
            }
            return registry.unitOfWork(work);
          },
        }),
    });
    expect(statesOf(await verify(racing))[checksum]).toBe('damaged');
    expect(isRepaired).toBe(true);
    expect(await objects.findLocations(checksum)).toMatchObject([{ state: 'verified' }]);
  });

  test('what was found is kept when the verification is left early', async () => {
    await using world = await World.make(kind);
    for (let index = 0; index < 5; index++)
      await world.persistence.save(sampleBytes(9, index), { name: 'model' });
    world.nowMs += 1_000;
    let count = 0;
    for await (const _object of world.verification.verify()) if (++count === 4) break;
    const { items } = await world.registry.repositories.objects.listLocations();
    expect(items.filter(({ verifiedAt }) => verifiedAt === utcTimestamp(world.nowMs))).toHaveLength(4);
  });

  test('a store that cannot be read for a while is reported, and is no damage', async () => {
    const leaving = new AbortController();
    let isLeft = false;
    await using world = await World.make(kind, {
      adapter: (adapter) =>
        overriding(adapter, {
          get: async (key, options) => {
            if (!key.startsWith('objects/')) return adapter.get(key, options);
            if (isLeft) leaving.abort();
            const details = { code: 'unavailable', operation: 'get', backend: 'memory' } as const;
            throw new StorageError({ ...details, retry: 'temporary' });
          },
        }),
    });
    await world.persistence.save(sampleBytes(10), { name: 'model', format: 'binary' });
    expect(await verify(world)).toMatchObject([{ state: 'unreadable', storeName: 'main' }]);
    isLeft = true;
    await expectCode(Array.fromAsync(world.verification.verify({ signal: leaving.signal })), 'unavailable');
    expect((await world.registry.repositories.objects.listLocations({ state: 'corrupt' })).items).toEqual([]);
  });
});

test('any flipped byte of a data file is found', async () => {
  await using world = await World.make('SQLite', { store: 'filesystem' });
  const { version } = await world.persistence.save(sampleBytes(40_000), { name: 'model' });
  const data = world.folder.join('store', 'data');
  const name = (await readdir(data, { recursive: true })).find((path) => path.includes('/')) ?? '';
  const path = `${data}/${name}`;
  await chmod(path, 0o644);
  const original = await readFile(path);
  for (const position of [0, 20_000, 39_999]) {
    await writeFile(
      path,
      original.map((byte, index) => (index === position ? byte ^ 1 : byte)),
    );
    const found = await verify(world, 'model:1');
    expect(found.filter(({ state }) => state === 'damaged')).toMatchObject([
      { digest: version.storage.checksum, affected: [{ reference: 'model:1' }] },
    ]);
  }
  await world.persistence.save(sampleBytes(40_000), { name: 'model' });
  expect((await verify(world)).every(({ state }) => state === 'intact')).toBe(true);
});

test('verification can be cancelled, and tells progress', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(2_000_000), { name: 'model', format: 'binary' });
  const controller = new AbortController();
  const stopping = world.verification.verify({
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expectCode(Array.fromAsync(stopping), 'cancelled');
});
