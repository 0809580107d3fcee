import { link, open, readFile, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  ScratchFile,
  fileStateOf,
  folderSpace,
  isAbsent,
  isFolderInstead,
  isMissing,
  isSameFileState,
  isSpellable,
  isTaken,
  isWithoutLinks,
  linkFile,
  publishOnce,
  readFully,
  removeFile,
  undefinedIfAbsent,
  undefinedIfMissing,
  writeAll,
} from '../src/index.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, link: vi.fn<typeof original.link>(original.link) };
});

const failure = (code: string): Error => Object.assign(new Error(code), { code });

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await TemporaryFolder.make();
  onTestFinished(() => folder[Symbol.asyncDispose]());
});

describe('a link to a name that may be taken', () => {
  test('is made once', async () => {
    await writeFile(folder.join('new'), 'new');
    expect(await linkFile(folder.join('new'), folder.join('place'))).toBe(true);
    await expect(linkFile(folder.join('new'), folder.join('place'))).rejects.toMatchObject({
      code: 'EEXIST',
    });
    await publishOnce(folder.join('new'), folder.join('other'));
    expect(await folder.names()).toEqual(['other', 'place']);
  });

  test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    '%s: there are no links',
    async (code) => {
      vi.mocked(link).mockRejectedValue(failure(code));
      onTestFinished(() => void vi.mocked(link).mockReset());
      await writeFile(folder.join('new'), 'new');
      await writeFile(folder.join('taken'), 'taken');
      expect(await linkFile(folder.join('new'), folder.join('place'))).toBe(false);
      await expect(publishOnce(folder.join('new'), folder.join('taken'))).rejects.toMatchObject({
        code: 'EEXIST',
      });
      await publishOnce(folder.join('new'), folder.join('place'));
      expect([await readFile(folder.join('place'), 'utf8'), await folder.names()]).toEqual([
        'new',
        ['place', 'taken'],
      ]);
    },
  );
});

test('what is missing is a value, and every other failure is thrown', async () => {
  await writeFile(folder.join('file'), 'text');
  expect(await readFile(folder.join('none')).catch(undefinedIfMissing)).toBeUndefined();
  const below = readFile(folder.join('file', 'below'));
  expect(await below.catch(undefinedIfAbsent)).toBeUndefined();
  await expect(below.catch(undefinedIfMissing)).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(readFile(folder.path).catch(undefinedIfAbsent)).rejects.toMatchObject({ code: 'EISDIR' });
  await removeFile(folder.join('none'));
  await removeFile(folder.join('file'));
  await expect(removeFile(folder.path)).rejects.toThrow(/EISDIR|EPERM/);
});

test.each([
  [isMissing, ['ENOENT']],
  [isAbsent, ['ENOENT', 'ENOTDIR']],
  [isTaken, ['EEXIST']],
  [isFolderInstead, ['EISDIR']],
  [isWithoutLinks, ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']],
] as const)('%o is about its codes alone', (is, codes) => {
  const all = [
    'ENOENT',
    'ENOTDIR',
    'EEXIST',
    'EISDIR',
    'EPERM',
    'ENOTSUP',
    'EOPNOTSUPP',
    'ENOSYS',
    'EMLINK',
    'EIO',
  ];
  expect(all.filter((code) => is(failure(code)))).toEqual(codes);
  for (const other of [undefined, null, 'ENOENT', { code: 2 }]) expect(is(other)).toBe(false);
});

test('a file is the same while neither its bytes nor its times change, whatever names it gets', async () => {
  const path = folder.join('file');
  await writeFile(path, 'text');
  const look = async (name = path) => fileStateOf(await stat(name, { bigint: true }));
  const before = await look();
  await link(path, folder.join('second'));
  expect(isSameFileState(before, await look())).toBe(true);
  await symlink(path, folder.join('soft'));
  expect(isSameFileState(before, await look(folder.join('soft')))).toBe(true);
  await unlink(folder.join('second'));
  await writeFile(path, 'tex2');
  await utimes(path, Number(before.modifiedNs) / 1e9, Number(before.modifiedNs) / 1e9);
  expect(isSameFileState(before, await look())).toBe(false);
  expect(isSameFileState(before, { ...before, inode: before.inode + 1n })).toBe(false);
});

test('short writes and reads are continued', async () => {
  await using file = await open(folder.join('file'), 'w+');
  const [write, read] = [file.write.bind(file), file.read.bind(file)];
  const shorter = (most: number, given: readonly unknown[]): unknown[] =>
    given.map((value, index) => (index === 2 ? Math.min(value as number, most) : value));
  vi.spyOn(file, 'write').mockImplementation(((...given: unknown[]) =>
    write(...(shorter(3, given) as [Uint8Array]))) as unknown as typeof file.write);
  vi.spyOn(file, 'read').mockImplementation((...given: unknown[]) =>
    read(...(shorter(2, given) as [Uint8Array])),
  );
  await writeAll(file, Buffer.from('0123456789'));
  await writeAll(file, Buffer.from('abcd'), 4);
  const into = Buffer.alloc(12);
  expect([await readFully(file, into, 1), into.toString('latin1', 0, 9)]).toEqual([9, '123abcd89']);
});

test('a scratch file keeps what it is given, and leaves nothing', async () => {
  await using file = await ScratchFile.open(folder.path);
  if (process.platform !== 'win32') expect(await folder.names()).toEqual([]);
  const long = Buffer.alloc(600_000, 7);
  await file.write(long, 5);
  await file.write(Buffer.from('begin'), 0);
  expect(Buffer.concat(await Array.fromAsync(file.chunks(), (chunk) => Buffer.from(chunk)))).toEqual(
    Buffer.concat([Buffer.from('begin'), long]),
  );
  await file.clear();
  expect(await Array.fromAsync(file.chunks())).toEqual([]);
});

test('the space of a folder that does not exist yet is that of the folder that does', async () => {
  const [there, missing] = [await folderSpace(folder.path), await folderSpace(folder.join('not', 'yet'))];
  expect(missing.totalBytes).toBe(there.totalBytes);
  expect(there.freeBytes).toBeLessThanOrEqual(there.totalBytes);
});

test('names are spelled as the strictest file system has them', () => {
  const [windows, folding, plain] = [
    { isFolding: true, isWindows: true },
    { isFolding: true, isWindows: false },
    { isFolding: false, isWindows: false },
  ];
  const spellable = (name: string): readonly boolean[] =>
    [windows, folding, plain].map((rules) => isSpellable(name, rules));
  expect(spellable('weights.bin')).toEqual([true, true, true]);
  expect(spellable('con')).toEqual([false, true, true]);
  expect(spellable('Weights')).toEqual([false, false, true]);
  expect(spellable('n'.repeat(256))).toEqual([false, false, false]);
});
