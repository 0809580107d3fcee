import { lstat, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { contentKey } from '@holdfast/domain';
import { type TransferProgress } from '@holdfast/storage';
import { expect, onTestFinished, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { hexOf, manifestOf, readFolder, someFiles, writeFolder } from './support/folders.ts';
import { World, sampleBytes } from './support/world.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, rename: vi.fn<typeof original.rename>(original.rename) };
});

async function makeSaved(changes: Parameters<typeof World.make>[1] = {}) {
  const world = await World.make('memory', changes);
  onTestFinished(() => world[Symbol.asyncDispose]());
  const source = world.folder.join('in');
  await writeFolder(source, someFiles);
  const { version } = await world.persistence.saveFolder(source, { name: 'tree' });
  return { world, version, out: world.folder.join('out') };
}

test('a name as long as the file system takes, of the tree and in it', async () => {
  await using world = await World.make('memory');
  const long = 'n'.repeat(255);
  await writeFolder(world.folder.join('in'), { [long]: sampleBytes(5) });
  const { version } = await world.persistence.saveFolder(world.folder.join('in'), { name: 'tree' });
  const out = world.folder.join('o'.repeat(255));
  for (const overwrite of [false, true]) await world.persistence.loadToPath(version, out, { overwrite });
  expect(await readdir(out)).toEqual([long]);
  expect(await world.folder.names()).toEqual(['in', 'o'.repeat(255)]);
});

test('tells progress to the total', async () => {
  const { world, version, out } = await makeSaved();
  const told: TransferProgress[] = [];
  await world.persistence.loadToPath(version, out, { onProgress: (progress) => told.push(progress) });
  expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).toSorted((x, y) => x - y));
  expect(told.at(-1)).toEqual({
    phase: 'read',
    bytes: version.totalSizeBytes,
    totalBytes: version.totalSizeBytes,
  });
});

test.each([
  ['a file', (out: string) => writeFile(out, 'old')],
  ['a folder', (out: string) => writeFolder(out, { old: sampleBytes(1) })],
  ['an empty folder', (out: string) => mkdir(out)],
  ['a broken link', (out: string) => symlink('nowhere', out)],
])('refuses %s in the way, and replaces it when told to', async (_what, put) => {
  const { world, version, out } = await makeSaved();
  await put(out);
  const loads = vi.spyOn(world.storage, 'load');
  await expect(world.persistence.loadToPath(version, out)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(loads).not.toHaveBeenCalled();
  await world.persistence.loadToPath(version, out, { overwrite: true });
  expect(await readFolder(out)).toEqual(hexOf(someFiles));
  expect(await world.folder.names()).toEqual(['in', 'out']);
});

test.each([
  ['a file', (out: string) => writeFile(out, 'other')],
  ['a folder', (out: string) => writeFolder(out, { other: sampleBytes(1) })],
])('refuses %s that appears meanwhile, and leaves it', async (_what, put) => {
  const { world, version, out } = await makeSaved();
  let isPut = false;
  const onProgress = (): void => {
    if (isPut) return;
    isPut = true;
    waiting.push(put(out));
  };
  const waiting: Promise<unknown>[] = [];
  await expect(world.persistence.loadToPath(version, out, { onProgress })).rejects.toMatchObject({
    code: 'EEXIST',
  });
  await Promise.all(waiting);
  expect(await world.folder.names()).toEqual(['in', 'out']);
  expect((await lstat(out)).isDirectory() ? Object.keys(await readFolder(out)) : ['other']).toEqual([
    'other',
  ]);
});

test('leaves what was there when a file of the tree is damaged, missing, or the signal comes', async () => {
  const { world, version, out } = await makeSaved();
  await writeFolder(out, { old: sampleBytes(3) });
  const entries = await manifestOf(world, version.storage);
  const last = entries.at(-1) as (typeof entries)[0];
  const expectUntouched = async (): Promise<void> => {
    expect(await readFolder(out)).toEqual(hexOf({ old: sampleBytes(3) }));
    expect(await world.folder.names()).toEqual(['in', 'out']);
  };
  await world.adapter.put(contentKey(last.digest), sampleBytes(last.sizeBytes, 77));
  await expectCode(world.persistence.loadToPath(version, out, { overwrite: true }), 'checksum-mismatch');
  await expectUntouched();
  await world.adapter.delete([{ key: contentKey(last.digest) }]);
  await expectCode(world.persistence.loadToPath(version, out, { overwrite: true }), 'not-found');
  await expectUntouched();
  const controller = new AbortController();
  const stopping = { overwrite: true, signal: controller.signal, onProgress: () => controller.abort() };
  await expectCode(world.persistence.loadToPath(version, out, stopping), 'cancelled');
  await expectUntouched();
});

test('puts the old folder back when the new one cannot take its place', async () => {
  const { world, version, out } = await makeSaved();
  await writeFolder(out, { old: sampleBytes(3) });
  const { rename: original } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  let isRefused = false;
  vi.mocked(rename).mockImplementation((from, to) => {
    if (isRefused || to !== out) return original(from, to);
    isRefused = true;
    return Promise.reject(Object.assign(new Error('the disk is broken'), { code: 'EIO' }));
  });
  onTestFinished(() => void vi.mocked(rename).mockImplementation(original));
  await expect(world.persistence.loadToPath(version, out, { overwrite: true })).rejects.toMatchObject({
    code: 'EIO',
  });
  expect(isRefused).toBe(true);
  expect(await readFolder(out)).toEqual(hexOf({ old: sampleBytes(3) }));
  expect(await world.folder.names()).toEqual(['in', 'out']);
});

test('refuses a missing folder around it, and makes none', async () => {
  const { world, version } = await makeSaved();
  await expect(world.persistence.loadToPath(version, world.folder.join('no', 'out'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await world.folder.names()).toEqual(['in']);
});

test('refuses an object that is no manifest', async () => {
  const { world, version, out } = await makeSaved();
  const storage = await world.storage.save(Buffer.from('{"layout":"holdfast-tree-2"}'), {
    format: 'binary',
  });
  await expect(world.persistence.loadToPath({ ...version, storage }, out)).rejects.toThrow(/manifest/);
  const escaping = Buffer.from(
    JSON.stringify({
      layout: 'holdfast-tree-1',
      entries: [{ path: '../x', sizeBytes: 1, digest: storage.checksum }],
    }),
  );
  const wicked = await world.storage.save(escaping, { format: 'binary' });
  await expect(world.persistence.loadToPath({ ...version, storage: wicked }, out)).rejects.toThrow(/segment/);
  expect(await world.folder.names()).toEqual(['in']);
});
