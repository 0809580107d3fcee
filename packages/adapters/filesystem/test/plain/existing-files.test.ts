import { spawnSync } from 'node:child_process';
import { chmod, link, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { ownIdentity, printIdentity } from '@holdfast/adapter-kit';
import { compareKeys } from '@holdfast/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';
import { key, keysOf, openPlain, textOf } from './open-plain.ts';

let folder: TemporaryFolder;
let root: string;
let adapter: FilesystemStorageAdapter;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'data');
  await mkdir(root);
  adapter = openPlain(root);
});

afterEach(async () => {
  await adapter[Symbol.asyncDispose]();
  await folder.remove();
});

const names = [
  'a b.npy',
  'README.md',
  'Größe.mat',
  'run.1/X.npy',
  'run.1/x.npy',
  'run-1',
  '.git/config',
  '%41',
  '%=a',
  'a\\b',
  '-rf',
];

async function writeFiles(): Promise<void> {
  for (const name of names) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), `bytes of ${name}`);
  }
}

/** Writes a name that need not be text. */
async function writeBytesName(...bytes: readonly number[]): Promise<void> {
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytes)]), 'x');
}

describe('files that other programs made', () => {
  test('are objects under their paths', async () => {
    await writeFiles();
    expect(await keysOf(adapter)).toEqual(names.toSorted(compareKeys));
    for (const name of names) {
      expect(await textOf(adapter, name)).toBe(`bytes of ${name}`);
      expect(await adapter.localPath(key(name))).toBe(join(root, name));
      expect(await adapter.head(key(name))).toMatchObject({
        key: name,
        metadata: {},
        sizeBytes: Buffer.byteLength(`bytes of ${name}`),
      });
    }
  });

  test.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'are read as Python wrote them, and the other way round',
    async () => {
      const script = `
import os, struct, sys
root = sys.argv[1]
os.makedirs(os.path.join(root, 'run 1'))
header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }".ljust(117) + '\\n'
with open(os.path.join(root, 'run 1', 'signal.npy'), 'wb') as file:
    file.write(b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(header)) + header.encode() + struct.pack('<3d', 1, 2, 3))
`;
      expect(spawnSync('python3', ['-c', script, root]).status).toBe(0);
      expect(await keysOf(adapter)).toEqual(['run 1/signal.npy']);
      await using reader = await adapter.get(key('run 1/signal.npy'), { range: { suffix: 24 } });
      const chunks: Buffer[] = [];
      for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
      expect([0, 8, 16].map((offset) => Buffer.concat(chunks).readDoubleLE(offset))).toEqual([1, 2, 3]);

      await adapter.put(key('run 2/é.txt'), Buffer.from('from Holdfast'));
      const read = spawnSync('python3', [
        '-c',
        'import sys; print(open(sys.argv[1]).read(), end="")',
        join(root, 'run 2', 'é.txt'),
      ]);
      expect(read.stdout.toString()).toBe('from Holdfast');
    },
  );

  test('have another etag when another program has changed them, in whatever way', async () => {
    const path = join(root, 'a');
    const etags = new Set<string | undefined>();
    const look = async (): Promise<void> => void etags.add((await adapter.head(key('a')))?.etag);
    await writeFile(path, '1');
    await look();
    await writeFile(path, '22');
    await look();
    await utimes(path, 1, 1);
    await look();
    await chmod(path, 0o600);
    await utimes(path, 1, 1);
    await look();
    expect(etags.size).toBe(4);
  });

  test('keep their mode when they are replaced, and are not shared with copies', async () => {
    await writeFile(join(root, 'private'), 'old', { mode: 0o600 });
    await link(join(root, 'private'), join(folder.path, 'other name'));
    await adapter.put(key('private'), Buffer.from('new'));
    expect((await stat(join(root, 'private'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder.path, 'other name'), 'utf8')).toBe('old');
    await adapter.copy(key('private'), key('copy'));
    expect((await stat(join(root, 'copy'))).ino).not.toBe((await stat(join(root, 'private'))).ino);
    await writeFile(join(root, 'open'), 'x', { mode: 0o644 });
    await adapter.copy(key('open'), key('private'));
    expect((await stat(join(root, 'private'))).mode & 0o777).toBe(0o600);
  });
});

describe('names that are no keys', () => {
  const cases: Readonly<Record<string, readonly number[]>> = {
    'no UTF-8': [0x47, 0x72, 0xf6, 0xdf, 0x65],
    'a control character': [0x61, 0x0a, 0x62],
  };

  test.each(Object.entries(cases))('are told, not left out: %s', async (_what, bytes) => {
    await writeFiles();
    await writeBytesName(...bytes);
    await expect(keysOf(adapter)).rejects.toMatchObject({
      code: 'invalid-key',
      hint: expect.stringContaining('Rename'),
    });
    expect(await keysOf(adapter, { prefix: 'run.1/' })).toEqual(['run.1/X.npy', 'run.1/x.npy']);
    expect(await textOf(adapter, 'README.md')).toBe('bytes of README.md');
    const told = await Array.fromAsync(adapter.maintenance?.checkRecords() ?? []);
    expect(told).toEqual([{ key: undefined, reason: expect.stringContaining('cannot be listed') }]);
  });

  test('are told when their path is too long for a key', async () => {
    let path = root;
    for (let depth = 0; depth < 3; depth++) path = join(path, 'd'.repeat(200));
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'file'), '');
    await expect(keysOf(adapter)).rejects.toMatchObject({ code: 'invalid-key' });
  });
});

describe('folders', () => {
  test('that are empty are nothing, and make room', async () => {
    await mkdir(join(root, 'a', 'b', 'c'), { recursive: true });
    expect(await keysOf(adapter)).toEqual([]);
    await adapter.put(key('a'), Buffer.from('file'));
    expect(await textOf(adapter, 'a')).toBe('file');
    await mkdir(join(root, 'x', 'y'), { recursive: true });
    await adapter.put(key('x'), Buffer.from('file'), { mode: 'create' });
    expect(await textOf(adapter, 'x')).toBe('file');
  });

  test('go with their last file, as far as they are empty', async () => {
    await adapter.put(key('a/b/c/1'), Buffer.from('1'));
    await adapter.put(key('a/2'), Buffer.from('2'));
    await adapter.delete([{ key: key('a/b/c/1') }]);
    expect(await readdir(root, { recursive: true })).toEqual(['a', 'a/2']);
    await adapter.delete([{ key: key('a/2') }]);
    expect(await readdir(root)).toEqual([]);
  });

  test('of a write that fails go too', async () => {
    const source = (async function* () {
      yield Buffer.from('half');
      throw new Error('broken');
    })();
    await expect(adapter.put(key('a/b/c'), source)).rejects.toThrow('broken');
    await expect(adapter.copy(key('missing'), key('a/b/c'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await readdir(root)).toEqual([]);
  });

  test('that hold a link are not taken for empty ones', async () => {
    await mkdir(join(root, 'a', 'b'), { recursive: true });
    await writeFile(join(root, 'a', 'b', 'file'), '');
    await expect(adapter.put(key('a'), Buffer.from('x'))).rejects.toMatchObject({ code: 'invalid-key' });
    await adapter.delete([{ key: key('a/b/file') }]);
    await adapter.put(key('a'), Buffer.from('x'));
    expect(await keysOf(adapter)).toEqual(['a']);
  });

  test('of a store are not opened as plain ones, nor the other way round', async () => {
    const store = join(folder.path, 'store');
    await using other = new FilesystemStorageAdapter({ root: store });
    await other.put(key('a'), Buffer.from('x'));
    await using plain = openPlain(store);
    await expect(keysOf(plain)).rejects.toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringContaining('layout'),
    });
    await expect(plain.delete([{ key: key('index.db') }])).rejects.toMatchObject({
      code: 'invalid-configuration',
    });
    await writeFiles();
    await using wrong = new FilesystemStorageAdapter({ root });
    await expect(wrong.put(key('a'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'invalid-configuration',
    });
  });
});

test('only temporary files of ended writers are collected, wherever they are', async () => {
  await writeFiles();
  const mark = (pid: number, id: string): string =>
    `.holdfast-${printIdentity({ ...ownIdentity(), pid })}-${id.repeat(32)}`;
  const dead = [`run.1/${mark(2 ** 22 + 1, 'a')}`, `only/this/${mark(2 ** 22 + 1, 'b')}`];
  const alive = mark(process.pid, 'c');
  await mkdir(join(root, 'only', 'this'), { recursive: true });
  for (const name of [...dead, alive]) await writeFile(join(root, name), 'half');
  expect(await keysOf(adapter)).toEqual(names.toSorted(compareKeys));

  const plan = await adapter.maintenance?.collectLeftovers({ isDryRun: true });
  const report = await adapter.maintenance?.collectLeftovers();
  expect(report).toEqual(plan);
  expect(report?.removed.map(({ name }) => name).toSorted()).toEqual(dead.toSorted());
  expect(report?.kept.map(({ name }) => name)).toEqual([alive]);
  expect((await readdir(root)).includes('only')).toBe(false);
  expect(await keysOf(adapter)).toEqual(names.toSorted(compareKeys));
});

test('options of the store layout are refused by name', () => {
  const options = { root, layout: 'plain', inlineLimitBytes: 1, busyTimeoutMs: 2 } as const;
  expect(() => new FilesystemStorageAdapter(options)).toThrow(/inlineLimitBytes and busyTimeoutMs/);
  expect(() => new FilesystemStorageAdapter({ root, layout: 'flat' } as never)).toThrow(/no layout "flat"/);
});
