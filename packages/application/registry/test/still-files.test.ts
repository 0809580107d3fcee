import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import type { ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { hexOf, readFolder, writeFolder } from './support/folders.ts';
import { overriding } from './support/overriding.ts';
import { World, sampleBytes } from './support/world.ts';

const stores = ['memory', 'hashed first'] as const;

async function makeWorld(
  store: (typeof stores)[number],
  onPut: (info: ObjectInfo) => void = () => undefined,
) {
  const adapter = (original: StorageAdapter): StorageAdapter =>
    overriding<StorageAdapter>(original, {
      put: async (...parameters) => {
        const info = await original.put(...parameters);
        onPut(info);
        return info;
      },
    });
  const world = await World.make('memory', { store, adapter });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const tree = world.folder.join('tree');
  const files = { a: sampleBytes(3_000_000), b: sampleBytes(20, 1), 'c/d': sampleBytes(30, 2) };
  await writeFolder(tree, files);
  return { world, tree, files, large: `${tree}/a` };
}

/** Writes into a file as it is, so many times, each time that bytes of it were read. */
function rewriting(
  path: string,
  times: number,
): { readonly onProgress: () => void; readonly done: () => number } {
  let done = 0;
  const onProgress = (): void => {
    if (done >= times) return;
    done++;
    const file = openSync(path, 'r+');
    writeSync(file, `state ${done}`, 1_500_000);
    closeSync(file);
  };
  return { onProgress, done: () => done };
}

describe.each(stores)('a store that is %s', (store) => {
  test('a file that is rewritten in place while it is read is read again', async () => {
    const { world, large, tree } = await makeWorld(store);
    const { version } = await world.persistence.saveFile(large, { name: 'm', ...rewriting(large, 1) });
    const bytes = await world.persistence.load(version);
    expect({ a: Buffer.from(bytes).toString('hex') }).toMatchObject({ a: (await readFolder(tree))['a'] });
    expect(await world.keys()).toHaveLength(1);
  });

  test('one that is rewritten every time is refused by name, and nothing of it stays', async () => {
    const { world, large } = await makeWorld(store);
    const rewriter = rewriting(large, Number.POSITIVE_INFINITY);
    const saving = world.persistence.saveFile(large, { name: 'm', onProgress: rewriter.onProgress });
    const error = await expectCode(saving, 'precondition-failed');
    expect(error.message).toContain(`${large} was changed while it was read`);
    expect(await world.keys()).toEqual([]);
    expect(rewriter.done()).toBeGreaterThan(1);
  });

  test('a folder is what it was at one moment, though its files change, come and go', async () => {
    let isChanged = false;
    const { world, tree, files } = await makeWorld(store, ({ sizeBytes }) => {
      if (isChanged || sizeBytes !== files.b.byteLength) return;
      isChanged = true;
      writeFileSync(`${tree}/b`, 'changed after it was read');
      writeFileSync(`${tree}/e`, 'new');
      rmSync(`${tree}/c`, { recursive: true });
    });
    const { version } = await world.persistence.saveFolder(tree, { name: 'm' });
    expect(isChanged).toBe(true);
    const out = world.folder.join('out');
    await world.persistence.loadToPath(version, out);
    expect(await readFolder(out)).toEqual(await readFolder(tree));
    expect(await readFolder(out)).toEqual(
      hexOf({ a: files.a, b: Buffer.from('changed after it was read'), e: Buffer.from('new') }),
    );
  });

  test('a folder with a file that is never left alone is refused by the name of that file', async () => {
    const { world, tree, large } = await makeWorld(store);
    // The progress of a second reading is not reported: it was counted already.
    const writer = setInterval(rewriting(large, Number.POSITIVE_INFINITY).onProgress, 1);
    onTestFinished(() => clearInterval(writer));
    const error = await expectCode(world.persistence.saveFolder(tree, { name: 'm' }), 'precondition-failed');
    expect(error.message).toContain(`${large} was changed while it was read`);
    await Array.fromAsync(world.beside().collection.collect());
    expect(await world.keys()).toEqual([]);
  });
});

test('a file that a program may execute comes back as one', async () => {
  const { world, large } = await makeWorld('memory');
  await chmod(large, 0o755);
  const { version } = await world.persistence.saveFile(large, { name: 'm' });
  await chmod(large, 0o644);
  const plain = await world.persistence.saveFile(large, { name: 'm' });
  for (const [saved, mode] of [
    [version, 0o100],
    [plain.version, 0],
  ] as const) {
    const out = world.folder.join(`out-${saved.number}`);
    await world.persistence.loadToPath(saved, out);
    expect((await stat(out)).mode & 0o100).toBe(mode);
  }
  expect('executable' in plain.version).toBe(false);
});
