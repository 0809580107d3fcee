import { type Digest, type ObjectKey, contentKey } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StorageService } from '@holdfast/storage';
import { assert, asyncProperty, constantFrom, dictionary } from 'fast-check';
import { expect, test } from 'vitest';
import { writeFolder } from './support/folders.ts';
import { overriding } from './support/overriding.ts';
import { TwoStores } from './support/two-stores.ts';
import { sampleBytes } from './support/world.ts';

test('of any set of objects, exactly the damaged and the lost are named', async () => {
  const kinds = ['flipped', 'longer', 'shorter', 'gone', 'unlocated'] as const;
  const damages = dictionary(constantFrom(...'0123456789'), constantFrom(...kinds), { maxKeys: 10 });
  await assert(
    asyncProperty(damages, async (damageOf) => {
      await using world = await TwoStores.make('memory');
      const expected: Record<string, string> = {};
      for (let number = 0; number < 10; number++) {
        const bytes = sampleBytes(20 + number, number);
        const { version } = await world.persistence.save(bytes, { name: `m${number}`, format: 'binary' });
        const damage = damageOf[String(number)];
        if (damage === undefined) continue;
        const { checksum } = version.storage;
        await damageObject(world, checksum, { damage, bytes });
        const state = { gone: 'missing', unlocated: 'unlocated' }[damage as string] ?? 'damaged';
        expected[checksum] = `${state} m${number}:1`;
      }
      const found = (await world.damage()).map(({ digest, state, affected }) => [
        digest,
        `${state} ${affected.map(({ reference }) => reference).join()}`,
      ]);
      expect(Object.fromEntries(found)).toEqual(expected);
      expect(found).toHaveLength(Object.keys(expected).length);
    }),
    { numRuns: 60 },
  );
});

async function damageObject(
  { main, registry }: TwoStores,
  digest: Digest,
  { damage, bytes }: { readonly damage: string; readonly bytes: Uint8Array },
): Promise<void> {
  const key = contentKey(digest);
  if (damage === 'gone') await main.delete([{ key }]);
  if (damage === 'unlocated') await registry.repositories.objects.deleteLocation(digest, 'main');
  if (damage === 'flipped')
    await main.put(
      key,
      bytes.map((byte, at) => (at === 7 ? byte ^ 8 : byte)),
    );
  if (damage === 'longer') await main.put(key, Buffer.concat([bytes, Buffer.from('x')]));
  if (damage === 'shorter') await main.put(key, bytes.subarray(1));
}

test('a damaged record beside the bytes of a version is told as what it is', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  const { version } = await world.persistence.save(sampleBytes(9), { name: 'm', format: 'binary' });
  await world.main.put(contentKey(version.manifestDigest as Digest), Buffer.from('{}'));
  expect(await world.damage()).toMatchObject([
    { digest: version.manifestDigest, affected: [{ reference: 'm:1', part: 'record' }] },
  ]);
});

test('a damaged list of files is told as that, and its files without paths', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  await writeFolder(world.folder.join('in'), { a: sampleBytes(9) });
  const { version } = await world.persistence.saveFolder(world.folder.join('in'), { name: 't' });
  for (const { key } of await world.locations()) await world.main.put(key as ObjectKey, Buffer.from('x'));
  const found = await world.damage();
  expect(found).toHaveLength(3);
  expect(found.find(({ digest }) => digest === version.storage.checksum)?.affected).toMatchObject([
    { part: 'tree' },
  ]);
  const member = found.flatMap(({ affected }) => affected).find(({ part }) => part === 'member');
  expect(member).toBeDefined();
  expect(member).not.toHaveProperty('paths');
});

test('what is in a store that is not configured any more is told, and the rest is verified', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  await world.persistence.save(sampleBytes(9), { name: 'm', format: 'binary' });
  await world.mirror({ isRegistered: true });
  const storage = new StorageService({ adapters: { main: world.main } });
  const found = await world.verify({}, storage);
  expect(found.map(({ state }) => state)).toEqual(['intact', 'unreadable', 'intact', 'unreadable']);
  expect(found[1]).toMatchObject({ storeName: 'spare', copies: ['main'] });
  expect((await world.locations()).every(({ state }) => state === 'verified')).toBe(true);
});

test('only what was not read lately is looked at when that is asked for, and known damage', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  for (const name of ['old', 'damaged', 'fresh']) {
    await world.persistence.save(Buffer.from(name), { name, format: 'binary' });
    if (name === 'damaged') world.nowMs += 1_000;
  }
  const notVerifiedSince = new Date(world.nowMs).toISOString();
  const all = await world.verify({ notVerifiedSince });
  expect(all).toHaveLength(4);
  expect(await world.verify({ notVerifiedSince, version: 'fresh' })).toEqual([]);
});

test('an object that the disk does not give is told, and the others are looked at', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  const save = (seed: number) =>
    world.persistence.save(sampleBytes(9, seed), { name: `m${seed}`, format: 'binary' });
  const [{ version }] = [await save(1), await save(2)];
  const failsWith = (retry: 'never' | 'temporary'): StorageService => {
    const get: StorageAdapter['get'] = (key, options) => {
      if (key !== contentKey(version.storage.checksum)) return world.main.get(key, options);
      const message = 'the disk reported an error';
      const details = { code: 'unavailable', operation: 'get', backend: 'memory', message, retry } as const;
      return Promise.reject(new StorageError(details));
    };
    return new StorageService({ adapters: { main: overriding<StorageAdapter>(world.main, { get }) } });
  };
  const found = await world.verify({}, failsWith('never'));
  expect(found.filter(({ state }) => state !== 'intact')).toMatchObject([
    { state: 'unreadable', digest: version.storage.checksum, reason: 'the disk reported an error' },
  ]);
  expect(found).toHaveLength(4);
  expect((await world.locations()).map(({ state }) => state)).not.toContain('corrupt');
});

test('a store that is down or gone is reported once, and the others are looked at', async () => {
  await using world = await TwoStores.make('memory', { isFenced: false });
  await world.persistence.save(sampleBytes(9), { name: 'm', format: 'binary' });
  await world.mirror({ isRegistered: true });
  const answers: Readonly<Record<string, Partial<StorageAdapter>>> = {
    down: {
      get: () => {
        const details = {
          code: 'unavailable',
          operation: 'get',
          backend: 'memory',
          message: 'It is down.',
        } as const;
        return Promise.reject(new StorageError({ ...details, retry: 'exhausted' }));
      },
    },
    gone: { get: async () => undefined, list: async function* () {} },
  };
  for (const [how, answer] of Object.entries(answers)) {
    const storage = new StorageService({
      adapters: { main: overriding<StorageAdapter>(world.main, answer), spare: world.spare },
    });
    const found = await world.verify({}, storage);
    const reason = expect.stringContaining('Its 2 objects were not read.');
    expect([how, found.filter(({ state }) => state !== 'intact')]).toEqual([
      how,
      [{ state: 'unreadable', storeName: 'main', sizeBytes: 0, reason, affected: [], copies: [] }],
    ]);
    expect(found.filter(({ state, storeName }) => state === 'intact' && storeName === 'spare')).toHaveLength(
      2,
    );
    expect((await world.locations()).map(({ state }) => state)).not.toContain('corrupt');
  }
});
