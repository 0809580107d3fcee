import { mkdir, writeFile } from 'node:fs/promises';
import { digestOfHex } from '@holdfast/domain';
import {
  type ByteRangeSource,
  FormatCatalog,
  bytesSource,
  encodeSafetensors,
  inspect as inspectHere,
  tensorsOf,
} from '@holdfast/formats';
import { Inspector, inspectPath } from '@holdfast/registry';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { World } from './support/world.ts';

const tensors = Array.from({ length: 20_000 }, (_, index) => ({
  name: `tensor.${index}`,
  dtype: 'U8',
  shape: [1],
  data: new Uint8Array(1),
}));
/** More than is read before a worker takes over. */
const large = encodeSafetensors({ tensors });
/** JSON that takes long to look into, the longer the slower. */
const slow = new TextEncoder().encode(`[${'[[[1]]],'.repeat(400_000)}1]`);

describe('an inspector', () => {
  test('finds in a worker what it finds at once', async () => {
    const found = await new Inspector().inspectFile(bytesSource(large));
    const here = await inspectHere(bytesSource(large));
    expect(JSON.stringify(found)).toBe(JSON.stringify(here));
    expect([...tensorsOf(found)]).toEqual([...tensorsOf(here)]);
    expect([...tensorsOf(found)]).toHaveLength(tensors.length);
  });

  test('starts no worker for what takes little', async () => {
    const source = bytesSource(large.subarray(0, 200_000));
    await expect(new Inspector({ limits: { workMs: 0 } }).inspectFile(source)).rejects.toMatchObject({
      name: 'FormatError',
      format: 'safetensors',
    });
  });

  test('passes on what a worker finds broken', async () => {
    const cut = large.subarray(0, large.length - 1);
    await expect(new Inspector().inspectFile(bytesSource(cut))).rejects.toMatchObject({
      name: 'FormatError',
      format: 'safetensors',
      offset: cut.length,
      hint: expect.stringContaining('cut short'),
    });
  });

  test.each([
    ['time', { workMs: 1 }, 'more than 0.001 seconds'],
    ['memory', { heapMiB: 8 }, 'more than 8 MiB'],
  ])('ends a worker that takes too much %s, and describes in less detail', async (_, limits, reason) => {
    const found = await new Inspector({ limits }).inspectFile(bytesSource(large));
    expect(found).toMatchObject({
      sizeBytes: large.length,
      scan: { verdict: 'unscanned' },
      warnings: [{ code: 'inspection-stopped', message: expect.stringContaining(reason) }],
    });
  });

  test('ends a worker at once when it is cancelled', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const look = new Inspector().inspectFile(bytesSource(slow), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    const startedAt = performance.now();
    await expect(look).rejects.toMatchObject({ code: 'cancelled', cause: reason });
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });

  test('passes on a failure of the source', async () => {
    const failure = new Error('the disk is gone');
    const source: ByteRangeSource = {
      sizeBytes: large.length,
      read: async (offset, length) => {
        if (length > 4096) throw failure;
        return large.subarray(offset, offset + length);
      },
    };
    await expect(new Inspector().inspectFile(source)).rejects.toBe(failure);
  });

  test('asks formats from outside in its own thread', async () => {
    const formats = FormatCatalog.standard().with({
      format: 'x-acme',
      detect: async () => ({ evidence: ['It is.'] }),
    });
    expect(await new Inspector({ formats }).inspectFile(bytesSource(large))).toMatchObject({
      format: 'x-acme',
    });
  });
});

describe('a save', () => {
  const save = async (world: World, ...parts: readonly (readonly [string, Uint8Array | string])[]) => {
    const path = world.folder.join('model');
    await mkdir(path);
    for (const [name, content] of parts) await writeFile(`${path}/${name}`, content);
    return path;
  };

  test('knows what inspect knows, keeps it with the version and warns of it', async () => {
    await using world = await World.make('SQLite');
    const pickle = Buffer.from('gARdlC4=', 'base64');
    const path = await save(
      world,
      ['a.txt', 'x'],
      ['inner.pkl', pickle],
      ['w.safetensors', '<!doctype html>'],
    );
    const { version, warnings } = await world.persistence.saveFolder(path, { name: 'model' });
    expect(version.inspection).toEqual(JSON.parse(JSON.stringify(await inspectPath(path))));
    expect(warnings).toEqual([
      'w.safetensors is an HTML page, perhaps one to sign in: download the file itself.',
      'inner.pkl: A pickle can run code when it is loaded, and no scanner has looked at this one.',
    ]);
    expect((await world.models.listModels()).items[0]?.latest).toMatchObject({ warningCount: 2 });
    const moved = await world.models.moveAlias('model', 'champion', { to: 1 });
    expect(moved.warnings).toEqual([expect.stringContaining('model:1: inner.pkl')]);
  });

  test('of a large file is cancelled while it is looked into', async () => {
    await using world = await World.make('memory');
    await writeFile(world.folder.join('slow.json'), slow);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(
      world.persistence.saveFile(world.folder.join('slow.json'), {
        name: 'model',
        signal: controller.signal,
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(await world.keys()).toEqual([]);
  });

  test.each(['file', 'folder', 'stream'])('of an empty %s is refused unless allowed', async (kind) => {
    await using world = await World.make('memory');
    const [file, folder] = [world.folder.join('empty'), world.folder.join('folder')];
    await writeFile(file, '');
    await mkdir(folder);
    const saving = (options: object): Promise<unknown> => {
      const named = { name: 'model', ...options };
      if (kind === 'stream') return world.persistence.save(new Uint8Array(0), named);
      return kind === 'file'
        ? world.persistence.saveFile(file, named)
        : world.persistence.saveFolder(folder, named);
    };
    await expectCode(saving({}), 'invalid-argument');
    expect(await world.keys()).toEqual([]);
    await saving({ allowEmpty: true });
    expect((await world.models.listVersions('model')).length).toBe(1);
  });

  test('is bound to the digest that is expected', async () => {
    await using world = await World.make('memory');
    const expectedDigest = digestOfHex('0'.repeat(64));
    await expectCode(world.persistence.save(large, { name: 'model', expectedDigest }), 'precondition-failed');
    expect(await world.keys()).toEqual([]);
    const { version } = await world.persistence.save(large, { name: 'model' });
    const { checksum } = version.storage;
    await world.persistence.save(large, { name: 'model', expectedDigest: checksum });
    expect((await world.models.listVersions('model')).length).toBe(2);
  });
});
