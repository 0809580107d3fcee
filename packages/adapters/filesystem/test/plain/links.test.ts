import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';
import { key, keysOf, openPlain, textOf } from './open-plain.ts';

let folder: TemporaryFolder;
let outside: string;
let root: string;
let adapter: FilesystemStorageAdapter;

beforeEach(async () => {
  folder = await temporaryFolder();
  outside = join(folder.path, 'outside');
  root = join(folder.path, 'root');
  await mkdir(join(outside, 'inner'), { recursive: true });
  await mkdir(root);
  await writeFile(join(outside, 'secret'), 'secret');
  await writeFile(join(outside, 'inner', 'secret'), 'secret');
  await writeFile(join(root, 'file'), 'inside');
  adapter = openPlain(root);
});

afterEach(async () => {
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  expect((await readdir(outside, { recursive: true })).toSorted()).toEqual([
    'inner',
    'inner/secret',
    'secret',
  ]);
  await adapter[Symbol.asyncDispose]();
  await folder.remove();
});

/** Links to where nobody may get by a key, and keys through them. */
const links: Readonly<Record<string, readonly [link: string, target: string, key: string]>> = {
  'to a file': ['link', '../outside/secret', 'link'],
  'to a folder': ['link', '../outside', 'link/secret'],
  'to a folder, further down': ['link', '../outside', 'link/inner/secret'],
  'to a folder, in a folder': ['deep/link', '../../outside', 'deep/link/secret'],
  'with an absolute path': ['link', '/etc', 'link/hostname'],
  'to the folder around it': ['link', '..', 'link/outside/secret'],
  'to nothing': ['link', '../outside/new', 'link'],
  'to itself': ['link', 'link', 'link'],
  'to a file inside': ['link', 'file', 'link'],
  'to a folder inside': ['link', '.', 'link/file'],
};

describe.each(Object.entries(links))('a symbolic link %s', (_what, [link, target, name]) => {
  beforeEach(async () => {
    await mkdir(join(root, 'deep'), { recursive: true });
    await symlink(target, join(root, link));
  });

  const through = key(name);
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    get: () => adapter.get(through),
    head: () => adapter.head(through),
    localPath: () => adapter.localPath(through),
    put: () => adapter.put(through, Buffer.from('x')),
    'put, create': () => adapter.put(through, Buffer.from('x'), { mode: 'create' }),
    'put, late key': () => adapter.put(() => through, Buffer.from('x')),
    'copy from it': () => adapter.copy(through, key('copy')),
    'copy to it': () => adapter.copy(key('file'), through),
    delete: async () => {
      const [result] = await adapter.delete([{ key: through }]);
      if (result !== undefined && 'error' in result) throw result.error;
    },
  };

  test.each(Object.entries(attempts))('is refused: %s', async (_operation, attempt) => {
    await expect(attempt()).rejects.toMatchObject({
      code: 'invalid-key',
      hint: expect.stringContaining('link'),
    });
    expect(await readlink(join(root, link))).toBe(target);
    expect((await readdir(root)).filter((entry) => entry.startsWith('.holdfast'))).toEqual([]);
  });

  test('is not listed', async () => {
    expect(await keysOf(adapter)).toEqual(['file']);
    const folded: string[] = [];
    for await (const { prefixes } of adapter.list({ delimiter: '/' })) folded.push(...prefixes);
    expect(folded).toEqual([]);
    expect((await adapter.maintenance?.collectLeftovers())?.removed).toEqual([]);
  });
});

test('no prefix of a listing leads out of the folder', async () => {
  for (const prefix of ['../', '../outside/', '/', '/etc/', './', 'a/../../outside/', '..', 'file/../'])
    expect(await keysOf(adapter, { prefix })).toEqual([]);
});

test('the folder itself may be named by a link', async () => {
  await symlink('root', join(folder.path, 'alias'));
  await using alias = openPlain(join(folder.path, 'alias'));
  await alias.put(key('new'), Buffer.from('new'));
  expect(await textOf(adapter, 'new')).toBe('new');
});

test('a pipe is neither waited for nor listed', async () => {
  expect(spawnSync('mkfifo', [join(root, 'pipe')]).status).toBe(0);
  await expect(adapter.get(key('pipe'))).rejects.toMatchObject({ code: 'invalid-key' });
  await expect(adapter.put(key('pipe'), Buffer.from('x'))).rejects.toMatchObject({ code: 'invalid-key' });
  expect(await keysOf(adapter)).toEqual(['file']);
});
