import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { ObjectKey } from '@holdfast/domain';
import {
  type VerificationBeginning,
  VerificationService,
  type VerifiedObject,
  type VerifyOptions,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { assert, asyncProperty, nat } from 'fast-check';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';
import { TwoStores } from './support/two-stores.ts';
import { sampleBytes } from './support/world.ts';

const dayMs = 24 * 3_600_000;

/** Verifies and notes which keys are read; stops after so many results when that is asked for. */
async function run(
  world: TwoStores,
  options: VerifyOptions & { readonly stopAfter?: number } = {},
): Promise<{
  readonly read: readonly string[];
  readonly found: readonly VerifiedObject[];
  readonly beginning: VerificationBeginning | undefined;
}> {
  const read: string[] = [];
  let beginning: VerificationBeginning | undefined;
  const main = overriding(world.main, {
    get: (key: ObjectKey, getOptions) => {
      read.push(key);
      return world.main.get(key, getOptions);
    },
  });
  const storage = new StorageService({ adapters: { main, spare: world.spare } });
  const found: VerifiedObject[] = [];
  const service = new VerificationService({ registry: world.registry, storage, now: () => world.nowMs });
  for await (const object of service.verify({
    journalPath: journal(world),
    onBegin: (begun) => {
      beginning = begun;
    },
    ...options,
  })) {
    found.push(object);
    if (found.length === options.stopAfter) break;
  }
  return { read, found, beginning };
}

function journal(world: TwoStores): string {
  return world.folder.join('journal');
}

async function worldOf(count: number): Promise<TwoStores> {
  const world = await TwoStores.make('memory', { isFenced: false });
  for (let number = 0; number < count; number++)
    await world.persistence.save(sampleBytes(9, number), { name: 'm', format: 'binary' });
  return world;
}

const wrongIn = (found: readonly VerifiedObject[]): readonly string[] =>
  found
    .filter(({ state }) => state !== 'intact')
    .map(({ state, key }) => `${state} ${key}`)
    .toSorted();

test('wherever a run stops, the next covers exactly the rest, and tells what was found before', async () => {
  await using world = await worldOf(8);
  const keys = (await world.locations()).map(({ key }) => key as ObjectKey);
  const [flipped, gone, late] = [keys[1], keys[6], keys[14]] as [ObjectKey, ObjectKey, ObjectKey];
  await world.main.put(flipped, Buffer.from('flipped!!'));
  await world.main.delete([{ key: gone }]);
  await world.main.put(late, Buffer.from('late'));
  const all = [`damaged ${flipped}`, `damaged ${late}`, `missing ${gone}`].toSorted();
  await assert(
    asyncProperty(nat(16), nat(16), async (first, second) => {
      const stops = [Math.min(first, second), Math.max(first, second)].map((at) => Math.max(1, at));
      const before = await run(world, { stopAfter: stops[0] as number });
      expect(before.beginning?.resumedFrom).toBeUndefined();
      const rest = await run(world, { resume: true });
      expect(rest.beginning).toMatchObject({ objectCount: stops[0], sizeBytes: expect.any(Number) });
      const looked = rest.read.filter((key) => keys.includes(key as ObjectKey));
      // What follows is the manifests once more, each compared with its version.
      const left = keys.slice(stops[0]);
      expect(looked.slice(0, left.length)).toEqual(left);
      expect(looked.length - left.length).toBeLessThanOrEqual(8);
      expect(wrongIn(rest.found)).toEqual(all);
      expect(existsSync(journal(world))).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('a run can be interrupted again and again', async () => {
  await using world = await worldOf(5);
  const keys = (await world.locations()).map(({ key }) => key);
  const [key] = keys as [ObjectKey];
  await world.main.put(key, Buffer.from('flipped!!'));
  const read = (await run(world, { stopAfter: 2 })).read.slice(0, 2);
  for (let round = 1; round < 4; round++) {
    const part = await run(world, { resume: true, stopAfter: 3 });
    expect(part.beginning).toMatchObject({ objectCount: round * 2 });
    read.push(...part.read.slice(0, 2));
    expect(wrongIn(part.found)).toEqual([`damaged ${key}`]);
  }
  expect(read).toEqual(keys.slice(0, 8));
  const last = await run(world, { resume: true });
  expect(last.found).toHaveLength(3);
  expect(readdirSync(world.folder.path)).toEqual([]);
});

test('what a crash cut off is read again, and whatever is no journal is none', async () => {
  await using world = await worldOf(4);
  await run(world, { stopAfter: 3 });
  const whole = readFileSync(journal(world), 'utf8');
  for (let length = 0; length < whole.length; length += 7) {
    writeFileSync(journal(world), whole.slice(0, length));
    const { beginning, found } = await run(world, { resume: true });
    expect([0, 3]).toContain(beginning?.objectCount);
    expect(found).toHaveLength(8 - (beginning?.objectCount ?? 0));
  }
  writeFileSync(journal(world), whole);
  appendFileSync(journal(world), '\0\0\0{"point":');
  expect((await run(world, { resume: true })).beginning).toMatchObject({ objectCount: 3 });
  writeFileSync(journal(world), whole.replace('holdfast-verification-1', 'holdfast-verification-2'));
  expect((await run(world, { resume: true })).beginning).toEqual({ objectCount: 0, sizeBytes: 0 });
});

test('a journal of another subject, or of long ago, is not gone on with', async () => {
  await using world = await worldOf(4);
  await using other = await worldOf(4);
  const isResumed = async (options: VerifyOptions, there = world): Promise<boolean> => {
    writeFileSync(journal(there), text);
    return (await run(there, { resume: true, ...options })).beginning?.resumedFrom !== undefined;
  };
  await run(world, { stopAfter: 3 });
  const text = readFileSync(journal(world), 'utf8');
  expect(await isResumed({})).toBe(true);
  expect(await isResumed({ version: 'm:1' })).toBe(false);
  expect(await isResumed({ repairFrom: 'spare' })).toBe(false);
  expect(await isResumed({ notVerifiedSince: new Date(world.nowMs).toISOString() })).toBe(false);
  expect(await isResumed({ resume: false })).toBe(false);
  expect(await isResumed({}, other)).toBe(false);
  world.nowMs += 7 * dayMs;
  expect(await isResumed({})).toBe(true);
  world.nowMs += 1;
  expect(await isResumed({})).toBe(false);
});

test('what was repaired or removed since is not told again', async () => {
  await using world = await worldOf(4);
  const keys = (await world.locations()).map(({ key }) => key as ObjectKey);
  for (const key of keys) await world.main.put(key, Buffer.from('flipped!!'));
  await run(world, { stopAfter: 6 });
  for (let number = 0; number < 4; number++)
    await world.persistence.save(sampleBytes(9, number), { name: 'm', format: 'binary' });
  const wrong = wrongIn((await run(world, { resume: true })).found);
  const healed = (await world.registry.repositories.versions.findAll()).items.map(({ storage }) => storage);
  for (const { storagePath } of healed) expect(wrong).not.toContain(`damaged ${storagePath}`);
  expect(wrong).toHaveLength(keys.length - new Set(healed.map(({ storagePath }) => storagePath)).size);
});

test('a second run takes the journal over, and the first one ends undisturbed', async () => {
  await using world = await worldOf(4);
  const first = new VerificationService({ registry: world.registry, storage: world.storage });
  let count = 0;
  for await (const _object of first.verify({ journalPath: journal(world) })) {
    if (++count === 2) await run(world, { stopAfter: 5 });
  }
  expect(count).toBe(8);
  expect((await run(world, { resume: true })).beginning).toMatchObject({ objectCount: 5 });
});
