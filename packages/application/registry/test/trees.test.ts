import { chmod, lstat, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { type Digest, treeManifestContentType, utf8Length, versionOwner } from '@holdfast/domain';
import { FormatError } from '@holdfast/formats';
import type { StorageAdapter } from '@holdfast/ports';
import type { TransferProgress } from '@holdfast/storage';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { hexOf, manifestOf, readFolder, someFiles, writeFolder } from './support/folders.ts';
import { overriding } from './support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

describe.each(registryKinds)('%s', (kind) => {
  test('a folder comes back file by file, whatever its names, depths and contents', async () => {
    await using world = await World.make(kind);
    const segment = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        fc.constantFrom('a', 'B', '.hidden', 'ü🔩', 'x y', '%2F', '\\'),
      )
      .filter(
        (name) =>
          !/[\p{Cc}/]/u.test(name) &&
          name.isWellFormed() &&
          name !== '.' &&
          name !== '..' &&
          utf8Length(name) < 200,
      );
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
    const anyFiles = fc
      .dictionary(path, fc.constantFrom(...[0, 1, 5, 700].map((length) => sampleBytes(length, length))), {
        maxKeys: 8,
      })
      .filter(
        (files) =>
          !Object.keys(files).some((one) => Object.keys(files).some((other) => other.startsWith(`${one}/`))),
      );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(anyFiles, async (files) => {
        const [source, target] = [world.folder.join(`in-${round}`), world.folder.join(`out-${round++}`)];
        await writeFolder(source, files);
        const { version } = await world.persistence.saveFolder(source, { name: 'tree', allowEmpty: true });
        expect(version).toMatchObject({ artifactKind: 'tree', fileCount: Object.keys(files).length });
        expect(version.totalSizeBytes).toBe(
          Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0),
        );
        await world.persistence.loadToPath(version, target);
        expect(await readFolder(target)).toEqual(hexOf(files));
      }),
      { numRuns: kind === 'memory' ? 40 : 10 },
    );
    expect(await world.faults()).toEqual(noFaults);
  });

  test('identical files are stored once, and bytes are shared with versions of files', async () => {
    await using world = await World.make(kind);
    const same = sampleBytes(500);
    const path = world.folder.join('tree');
    await writeFolder(
      path,
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index % 3}/${index}`, same])),
    );
    const { version } = await world.persistence.saveFolder(path, { name: 'tree' });
    expect(await world.keys()).toHaveLength(2);
    const file = await world.persistence.save(same, { name: 'file' });
    expect(file.isDuplicate).toBe(true);
    const again = await world.persistence.saveFolder(path, { name: 'tree' });
    expect(again.isDuplicate).toBe(true);
    expect(again.version.storage.checksum).toBe(version.storage.checksum);

    await world.models.deleteModel('tree');
    expect(await world.faults()).toEqual(noFaults);
    expect(await world.persistence.load(file.version)).toHaveLength(500);
    await world.models.deleteModel('file');
    expect(await world.keys()).toEqual([]);
  });

  test('no lease is left, also of files that are in the folder many times', async () => {
    await using world = await World.make(kind);
    const path = world.folder.join('tree');
    await writeFolder(
      path,
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [String(index), sampleBytes(5)])),
    );
    const { version } = await world.persistence.saveFolder(path, { name: 'tree' });
    const digests = await world.registry.repositories.objects.findReferences(versionOwner(version.id));
    await world.models.deleteVersion('tree:1');
    const needless = await world.registry.repositories.objects.findUnreferenced(digests);
    expect(needless).toEqual(digests.map((digest) => ({ digest })));
    expect(await world.keys()).toEqual([]);
  });

  test('a folder with damage that was found is written again where it is damaged, and is no duplicate then', async () => {
    await using world = await World.make(kind);
    const path = world.folder.join('tree');
    await writeFolder(path, someFiles);
    const { version } = await world.persistence.saveFolder(path, { name: 'tree' });
    const { objects } = world.registry.repositories;
    const digest = (await manifestOf(world, version.storage)).find((entry) => entry.path === 'a.txt')
      ?.digest as Digest;
    const [location] = await objects.findLocations(digest);
    await objects.putLocation({ ...(location as NonNullable<typeof location>), state: 'corrupt' });
    expect((await world.persistence.saveFolder(path, { name: 'tree' })).isDuplicate).toBe(false);
    expect(await objects.findLocations(digest)).toMatchObject([{ state: 'verified' }]);
  });
});

describe('saving', () => {
  test('keeps sizes, digests, executable bits and empty folders in a sorted manifest, and follows links to files', async () => {
    await using world = await World.make('memory');
    const path = world.folder.join('tree');
    await writeFolder(path, { 'run.sh': sampleBytes(10), 'sub/data': sampleBytes(20, 2) });
    await chmod(`${path}/run.sh`, 0o755);
    await symlink('sub/data', `${path}/link`);
    await mkdir(`${path}/empty/inner`, { recursive: true });
    const { version } = await world.persistence.saveFolder(path, { name: 'tree' });
    expect((await world.adapter.head(version.storage.storagePath as never))?.contentType).toBe(
      treeManifestContentType,
    );
    const entries = await manifestOf(world, version.storage);
    expect(entries.map((entry) => entry.path)).toEqual(['link', 'run.sh', 'sub/data']);
    expect(entries.map((entry) => entry.executable)).toEqual([undefined, true, undefined]);
    expect(entries[0]).toMatchObject({ sizeBytes: 20, digest: entries[2]?.digest });

    const out = world.folder.join('out');
    await world.persistence.loadToPath(version, out);
    expect((await stat(`${out}/run.sh`)).mode & 0o111).not.toBe(0);
    expect((await stat(`${out}/sub/data`)).mode & 0o111).toBe(0);
    expect((await lstat(`${out}/link`)).isSymbolicLink()).toBe(false);
    expect(await readdir(`${out}/empty`, { recursive: true })).toEqual(['inner']);
  });

  test('an empty folder is a tree without files', async () => {
    await using world = await World.make('memory');
    await mkdir(world.folder.join('tree'));
    const { version } = await world.persistence.saveFolder(world.folder.join('tree'), {
      name: 'tree',
      allowEmpty: true,
    });
    expect(version).toMatchObject({ artifactKind: 'tree', fileCount: 0, totalSizeBytes: 0 });
    await world.persistence.loadToPath(version, world.folder.join('out'));
    expect(await readdir(world.folder.join('out'))).toEqual([]);
    await expectCode(world.persistence.load(version), 'unsupported');
    await expectCode(Array.fromAsync(world.persistence.read(version)), 'unsupported');
  });

  test.each([
    ['a broken link', (path: string) => symlink('nowhere', `${path}/x`), /a broken link/],
    ['a link that leads in a circle', (path: string) => symlink('x', `${path}/x`), /a broken link/],
    ['a link to a file outside', (path: string) => symlink('/etc/hostname', `${path}/x`), /leads out/],
    ['a link to a folder', (path: string) => symlink('.', `${path}/x`), /a link to a folder/],
    [
      'a link to a device',
      (path: string) => symlink('/dev/null', `${path}/x`),
      /neither a file nor a folder/,
    ],
  ])('%s is refused before anything is written', async (_what, add, message) => {
    await using world = await World.make('memory');
    const path = world.folder.join('tree');
    await writeFolder(path, { a: sampleBytes(10) });
    await add(path);
    const error = await expectCode(world.persistence.saveFolder(path, { name: 'tree' }), 'invalid-argument');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`${path}/x`);
    expect(await world.keys()).toEqual([]);
  });

  test('a path that no tree can hold is refused before anything is written', async () => {
    await using world = await World.make('memory');
    const path = world.folder.join('tree');
    await writeFolder(path, { a: sampleBytes(10), 'b\tc': sampleBytes(5) });
    const puts = vi.spyOn(world.adapter, 'put');
    await expect(world.persistence.saveFolder(path, { name: 'tree' })).rejects.toThrow(/control character/);
    expect(puts.mock.calls.filter(([key]) => typeof key === 'function')).toEqual([]);
    expect(await world.keys()).toEqual([]);
  });

  test('what is no folder is the system’s error', async () => {
    await using world = await World.make('memory');
    await writeFile(world.folder.join('file'), 'x');
    await expect(
      world.persistence.saveFolder(world.folder.join('file'), { name: 'tree' }),
    ).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(
      world.persistence.saveFolder(world.folder.join('no'), { name: 'tree' }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await world.keys()).toEqual([]);
  });

  test('a folder in another format than asked for leaves nothing', async () => {
    await using world = await World.make('memory');
    const path = world.folder.join('tree');
    await writeFolder(path, someFiles);
    const error: unknown = await world.persistence
      .saveFolder(path, { name: 'tree', format: 'mlflow_model' })
      .catch((reason: unknown) => reason);
    expect(FormatError.isInstance(error)).toBe(true);
    expect(await world.faultsCollected()).toEqual(noFaults);
    expect(await world.keys()).toEqual([]);
    const { version } = await world.persistence.saveFolder(path, { name: 'tree', format: 'binary' });
    expect(version.storage.format).toBe('binary');
  });

  test('stops at the first file that fails, and leaves nothing', async () => {
    let puts = 0;
    await using world = await World.make('memory', {
      adapter: (adapter) =>
        overriding<StorageAdapter>(adapter, {
          put: async (...parameters) => {
            if (typeof parameters[0] === 'function' && ++puts === 10) throw new Error('the store is full');
            await new Promise(setImmediate);
            return adapter.put(...parameters);
          },
        }),
    });
    const path = world.folder.join('tree');
    await writeFolder(
      path,
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [String(index), sampleBytes(5, index)])),
    );
    await expect(world.persistence.saveFolder(path, { name: 'tree' })).rejects.toThrow('the store is full');
    expect(puts).toBeLessThan(30);
    expect(await world.faultsCollected()).toEqual(noFaults);
  });

  test.each(['memory', 'hashed first'] as const)(
    'tells one progress for all files, that never goes back and ends at the total (%s)',
    async (store) => {
      await using world = await World.make('memory', { store });
      const path = world.folder.join('tree');
      const files = Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [String(index), sampleBytes(index * 1_000, index % 5)]),
      );
      await writeFolder(path, files);
      for (let round = 0; round < 2; round++) {
        const told: TransferProgress[] = [];
        await world.persistence.saveFolder(path, {
          name: 'tree',
          onProgress: (progress) => told.push(progress),
        });
        const total = Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0);
        for (const phase of new Set(told.map((one) => one.phase))) {
          const bytes = told.filter((one) => one.phase === phase).map((one) => one.bytes);
          expect(bytes).toEqual(bytes.toSorted((x, y) => x - y));
          expect(bytes.at(-1)).toBe(total);
        }
        expect(told.map(({ phase }) => phase)).toContain('write');
        expect(told.every(({ totalBytes }) => totalBytes === total)).toBe(true);
      }
    },
  );
});
