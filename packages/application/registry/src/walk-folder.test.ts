import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LocalPlaces, OwnPlaces } from './own-places.ts';
import { type WalkedFolder, walkFolder } from './walk-folder.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, realpath: vi.fn<typeof original.realpath>(original.realpath) };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

interface Walk extends LocalPlaces {
  readonly followLinks?: boolean;
}

async function walk({ followLinks = false, ...places }: Walk = {}): Promise<WalkedFolder> {
  return walkFolder(folder, { own: await OwnPlaces.resolve(places), followLinks });
}

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), path);
  }
}

const pathsOf = ({ files }: WalkedFolder): readonly string[] => files.map(({ path }) => path);

test('files are sorted by the bytes of their paths', async () => {
  await write('b', 'Z', 'ü', 'a', '🔩', '\uffee');
  const found = await walk();
  expect(pathsOf(found)).toEqual(['Z', 'a', 'b', 'ü', '\uffee', '🔩']);
  expect(found.files[1]).toMatchObject({ location: join(folder, 'a'), sizeBytes: 1, isExecutable: false });
});

test('folders without files are named, the innermost only', async () => {
  await write('a/file');
  await mkdir(join(folder, 'b', 'c', 'd'), { recursive: true });
  await mkdir(join(folder, 'a', 'e'));
  expect(await walk()).toMatchObject({ emptyFolders: ['a/e', 'b/c/d'], leftOut: [] });
});

test('stores, registries and .git are left out, wherever they are', async () => {
  await write('m', 'sub/.git/HEAD', '.git', '.holdfast/registry.db', 'other/holdfast-store.json', 'other/x');
  await write('mine/index.db', 'plain/x', 'reg.db', 'reg.db-wal', 'reg.dbx', 'only/.git/x');
  await symlink('mine', join(folder, 'link'));
  const own = {
    stores: [join(folder, 'mine'), join(folder, 'absent', 'x')],
    plainStores: [join(folder, 'plain')],
    databases: [join(folder, 'reg.db')],
  };
  const found = await walk(own);
  expect(pathsOf(found)).toEqual(['m', 'reg.dbx']);
  expect(found.leftOut).toEqual(
    '.git .holdfast link mine only/.git other plain reg.db reg.db-wal sub/.git'.split(' '),
  );
  expect(found.emptyFolders).toEqual(['only', 'sub']);
});

test('a folder that is a store is refused', async () => {
  await write('holdfast-store.json');
  await expect(walk()).rejects.toMatchObject({ code: 'invalid-argument', message: /is a store/ });
});

test.each([
  ['a store', (path: string) => ({ stores: [path] }), 'sub/file'],
  ['a store', (path: string) => ({ stores: [path] }), ''],
  ['a plain store', (path: string) => ({ plainStores: [path] }), ''],
  ['a registry', (path: string) => ({ databases: [join(path, 'sub', 'file')] }), 'sub/file'],
])('what belongs to %s is no input', async (_what, places, path) => {
  await write('sub/file');
  const own = await OwnPlaces.resolve(places(folder));
  await expect(own.assertOutside(join(folder, path))).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('a folder in a plain store is the user’s own', async () => {
  await write('sub/file');
  const own = await OwnPlaces.resolve({ plainStores: [folder], stores: [join(folder, 'su')] });
  await expect(own.assertOutside(join(folder, 'sub'))).resolves.toBeUndefined();
});

describe('links', () => {
  let outside: string;

  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
    await writeFile(join(outside, 'file'), 'outside');
    await write('in/file');
  });

  afterEach(() => rm(outside, { recursive: true, force: true }));

  test('to files of the folder count as those files', async () => {
    await symlink('in/file', join(folder, 'link'));
    expect(pathsOf(await walk())).toEqual(['in/file', 'link']);
  });

  test.each([
    ['file', /leads out of the folder, to .*file/],
    ['', /a link to a folder/],
  ])('that lead out of it are refused, unless they are to be followed (%j)', async (target, message) => {
    await symlink(join(outside, target), join(folder, 'link'));
    await expect(walk()).rejects.toMatchObject({ code: 'invalid-argument', message, hint: /--follow-links/ });
    const followed = await walk({ followLinks: true });
    expect(pathsOf(followed)).toEqual(['in/file', target === '' ? 'link/file' : 'link']);
  });

  test('to a folder with a longer name beside it lead out too', async () => {
    await mkdir(`${folder}-b`);
    await writeFile(join(`${folder}-b`, 'file'), '');
    await symlink(join(`${folder}-b`, 'file'), join(folder, 'link'));
    try {
      await expect(walk()).rejects.toMatchObject({ code: 'invalid-argument' });
    } finally {
      await rm(`${folder}-b`, { recursive: true });
    }
  });

  test('that lead in a circle are refused when they are followed', async () => {
    await symlink('..', join(folder, 'in', 'link'));
    await expect(walk({ followLinks: true })).rejects.toThrow(/circle/);
  });
});

test('a name that is not UTF-8 is refused as what it is', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x2d, 0x6c])]), '');
  const name = String.raw`${folder}/\xff-l`;
  const message = `The name ${name} is not valid UTF-8, so no other machine could read it.`;
  await expect(walk()).rejects.toMatchObject({ code: 'invalid-argument', message });
});

test('a name that no key can have is refused, with what to do', async () => {
  await write('a\nb');
  await expect(walk()).rejects.toMatchObject({ field: 'path', hint: /^Rename a\nb/ });
});

test('a link that cannot be looked at is the system’s error, not a broken link', async () => {
  await write('file');
  await symlink('file', join(folder, 'link'));
  const refused = Object.assign(new Error('no'), { code: 'EACCES' });
  const { realpath: original } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  vi.mocked(realpath).mockImplementation(((path: string) =>
    path.endsWith('link') ? Promise.reject(refused) : original(path)) as typeof realpath);
  await expect(walk()).rejects.toBe(refused);
  vi.mocked(realpath).mockImplementation(original);
});
