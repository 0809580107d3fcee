import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type Digest, type ObjectKey, contentKey, versionOwner } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { TwoStores, storeKinds } from './support/two-stores.ts';
import { sampleBytes } from './support/world.ts';

const [smallBytes, largeBytes] = [sampleBytes(300), sampleBytes(40_000, 2)];
const repairFrom = 'spare';

/** Two versions in `main`, mirrored to `spare`. */
async function mirrored(
  kind: (typeof storeKinds)[number],
  isRegistered: boolean,
): Promise<{ readonly world: TwoStores; readonly small: Digest; readonly large: Digest }> {
  const world = await TwoStores.make(kind);
  const save = async (bytes: Uint8Array, name: string): Promise<Digest> =>
    (await world.persistence.save(bytes, { name, format: 'binary' })).version.storage.checksum;
  const [small, large] = [await save(smallBytes, 'small'), await save(largeBytes, 'large')];
  await world.mirror({ isRegistered });
  return { world, small, large };
}

async function bytesOf(adapter: StorageAdapter, digest: Digest): Promise<Buffer> {
  await using reader = await adapter.get(contentKey(digest));
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe.each(storeKinds)('%s', (kind) => {
  test.each([true, false])(
    'what is damaged or missing comes back from another store, where it is registered: %s',
    async (isRegistered) => {
      const { world, small, large } = await mirrored(kind, isRegistered);
      await using _ = world;
      await world.main.put(contentKey(small), sampleBytes(300, 9));
      await world.main.delete([{ key: contentKey(large) }]);
      const found = await world.damage({ repairFrom });
      const repair = { source: 'spare', isRepaired: true };
      expect(found.toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toMatchObject([
        { digest: small, state: 'damaged', storeName: 'main', repair },
        { digest: large, state: 'missing', storeName: 'main', repair },
      ]);
      expect((await bytesOf(world.main, small)).equals(smallBytes)).toBe(true);
      expect((await world.locations()).every(({ state }) => state === 'verified')).toBe(true);
      expect(await world.damage()).toEqual([]);
    },
  );

  test('without being asked nothing is changed, and the report says where good bytes lie', async () => {
    const { world, small } = await mirrored(kind, true);
    await using _ = world;
    const before = await world.main.put(contentKey(small), sampleBytes(300, 9));
    expect(await world.damage()).toMatchObject([{ digest: small, copies: ['spare'] }]);
    expect((await world.main.head(contentKey(small)))?.etag).toBe(before.etag);
    expect((await world.damage())[0]).not.toHaveProperty('repair');
  });

  test('bytes that are damaged there too change nothing', async () => {
    const { world, small, large } = await mirrored(kind, false);
    await using _ = world;
    const before = await world.main.put(contentKey(small), sampleBytes(300, 9));
    await world.spare.put(contentKey(small), sampleBytes(300, 8));
    await world.spare.delete([{ key: contentKey(large) }]);
    await world.main.delete([{ key: contentKey(large) }]);
    const found = await world.damage({ repairFrom });
    expect(found.toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toMatchObject([
      { digest: small, repair: { isRepaired: false, reason: expect.stringMatching(/\w/) } },
      { digest: large, repair: { isRepaired: false, reason: 'spare does not hold it' } },
    ]);
    expect(await world.main.head(contentKey(small))).toEqual(before);
    expect(await world.main.head(contentKey(large))).toBeUndefined();
    expect((await world.damage()).map(({ state }) => state).toSorted()).toEqual(['damaged', 'missing']);
  });

  test('a digest whose place is lost is registered where it lies, once it was read', async () => {
    const { world, small } = await mirrored(kind, false);
    await using _ = world;
    const { objects } = world.registry.repositories;
    await objects.deleteLocation(small, 'main');
    expect(await world.damage()).toMatchObject([
      { state: 'unlocated', digest: small, copies: ['main', 'spare'], affected: [{ reference: 'small:1' }] },
    ]);
    await world.spare.put(contentKey(small), sampleBytes(300, 9));
    expect(await world.damage({ repairFrom })).toMatchObject([{ repair: { isRepaired: false } }]);
    expect(await objects.findLocations(small)).toEqual([]);
    expect(await world.damage({ repairFrom: 'main' })).toMatchObject([{ repair: { isRepaired: true } }]);
    expect(await objects.findLocations(small)).toMatchObject([
      { storeName: 'main', key: contentKey(small), sizeBytes: 300, state: 'verified' },
    ]);
    expect(await world.damage()).toEqual([]);
  });

  test('what no version needs is left to the collection, and the source does not repair itself', async () => {
    const { world, small, large } = await mirrored(kind, true);
    await using _ = world;
    const { items } = await world.registry.repositories.versions.findAll({ filter: { digest: small } });
    await world.registry.repositories.objects.deleteReferences(versionOwner(items[0]?.id ?? ''));
    await world.main.put(contentKey(small), sampleBytes(300, 9));
    await world.spare.put(contentKey(large), sampleBytes(300, 9));
    const found = await world.damage({ repairFrom });
    expect(found.toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toMatchObject([
      { digest: small, affected: [], repair: { isRepaired: false } },
      { digest: large, storeName: 'spare', repair: { reason: 'it is spare itself that is damaged' } },
    ]);
  });
});

describe('of a filesystem store', () => {
  test.each([
    ['a record', "UPDATE objects SET etag = 'x' WHERE size_bytes = 300"],
    [
      'a record of lost bytes',
      'DELETE FROM bodies WHERE key = (SELECT key FROM objects WHERE size_bytes = 300)',
    ],
    ['the file of a record', "UPDATE objects SET data_id = 'ffff' WHERE size_bytes = 40000"],
  ])('%s that is damaged is written anew', async (_name, sql) => {
    const { world } = await mirrored('filesystem', true);
    await using _ = world;
    const index = new DatabaseSync(join(world.folder.join('main'), 'index.db'));
    index.exec(sql);
    index.close();
    expect(await world.damage({ repairFrom })).toMatchObject([{ repair: { isRepaired: true } }]);
    expect(await world.damage()).toEqual([]);
  });

  test('a data file that is gone is written anew', async () => {
    const { world, large } = await mirrored('filesystem', true);
    await using _ = world;
    const data = join(world.folder.join('main'), 'data');
    const name = readdirSync(data, { recursive: true, encoding: 'utf8' }).find((path) => path.includes('/'));
    unlinkSync(join(data, name ?? ''));
    expect(await world.damage({ repairFrom })).toMatchObject([
      { digest: large, repair: { isRepaired: true } },
    ]);
    expect(await world.damage()).toEqual([]);
  });
});

describe('what others do meanwhile', () => {
  async function repairThrough(
    world: TwoStores,
    main: Partial<StorageAdapter>,
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<TwoStores['verify']>>> {
    const adapters = { main: overriding(world.main, main), spare: world.spare };
    const found = await world.verify({ repairFrom, signal }, new StorageService({ adapters }));
    return found.filter(({ state }) => state !== 'intact');
  }

  test('a newer write is not lost: it is read instead', async () => {
    const { world, small } = await mirrored('memory', true);
    await using _ = world;
    await world.main.put(contentKey(small), sampleBytes(300, 9));
    let newer: string | undefined;
    const found = await repairThrough(world, {
      put: async (key, body, options) => {
        newer ??= (await world.main.put(key, smallBytes)).etag;
        return world.main.put(key, body, options);
      },
    });
    expect(found).toMatchObject([{ digest: small, repair: { isRepaired: true } }]);
    expect((await world.main.head(contentKey(small)))?.etag).toBe(newer);
    await world.main.put(contentKey(small), sampleBytes(300, 9));
    newer = undefined;
    const wrong = await repairThrough(world, {
      put: async (key, body, options) => {
        newer ??= (await world.main.put(key, sampleBytes(300, 7))).etag;
        return world.main.put(key, body, options);
      },
    });
    expect(wrong).toMatchObject([
      { repair: { isRepaired: false, reason: expect.stringContaining('still damaged') } },
    ]);
    expect((await world.main.head(contentKey(small)))?.etag).toBe(newer);
  });

  test('a store that refuses is told as the reason, and the others are repaired', async () => {
    const { world, small, large } = await mirrored('memory', true);
    await using _ = world;
    for (const digest of [small, large]) await world.main.put(contentKey(digest), sampleBytes(9, 9));
    const found = await repairThrough(world, {
      put: (key, body, options) => {
        if (key === contentKey(large)) return world.main.put(key, body, options);
        throw new StorageError({ code: 'quota-exceeded', operation: 'put', backend: 'memory' });
      },
    });
    const outcome = Object.fromEntries(found.map(({ digest, repair }) => [digest, repair?.isRepaired]));
    expect(outcome).toEqual({ [small]: false, [large]: true });
  });

  test('an object under a key of its own is not replaced where no condition can be put', async () => {
    const { world, small } = await mirrored('memory', true);
    await using _ = world;
    const { objects } = world.registry.repositories;
    const [location] = await objects.findLocations(small);
    if (location === undefined) throw new Error('it is registered');
    await objects.putLocation({ ...location, key: 'its/own' });
    await world.main.put('its/own' as ObjectKey, sampleBytes(300, 9));
    const { capabilities } = new MemoryStorageAdapter();
    const without = { capabilities: { ...capabilities, replaceIfMatch: false } };
    expect(await repairThrough(world, without)).toMatchObject([
      { key: 'its/own', repair: { isRepaired: false, reason: expect.stringContaining('on condition') } },
    ]);
    expect(await repairThrough(world, {})).toMatchObject([{ repair: { isRepaired: true } }]);
  });

  test('it is cancelled, and what was damaged stays as it was', async () => {
    const { world, small } = await mirrored('memory', true);
    await using _ = world;
    const before = await world.main.put(contentKey(small), sampleBytes(300, 9));
    const controller = new AbortController();
    const stopped = repairThrough(
      world,
      {
        put: (key, body, options) => {
          controller.abort();
          return world.main.put(key, body, options);
        },
      },
      controller.signal,
    );
    await expectCode(stopped, 'cancelled');
    expect(await world.main.head(contentKey(small))).toEqual(before);
  });

  test('a store that does not exist is refused before anything is read', async () => {
    const { world } = await mirrored('memory', true);
    await using _ = world;
    await expectCode(world.verify({ repairFrom: 'nowhere' }), 'invalid-configuration');
  });
});
