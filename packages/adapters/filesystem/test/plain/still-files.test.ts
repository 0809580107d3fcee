import { copyFile, link, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, copyFile: vi.fn<typeof original.copyFile>(original.copyFile) };
});

const key = 'file' as ObjectKey;
const sizes = { 'in one piece': 1_000, 'in a block': 100_000, 'in many blocks': 5_000_000 };
let folder: TemporaryFolder;
let path: string;
let adapter: FilesystemStorageAdapter;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, key);
  adapter = new FilesystemStorageAdapter({ root: folder.path, layout: 'plain' });
});

afterEach(async () => {
  await adapter[Symbol.asyncDispose]();
  await folder.remove();
});

async function rewrite(): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.from('other'), 0, 5, 500);
  await file.close();
}

async function replace(): Promise<void> {
  await writeFile(`${path}2`, 'other');
  await rename(`${path}2`, path);
}

test.each(Object.entries(sizes))(
  'a file that another program rewrites in place is refused where it was read (%s)',
  async (_how, sizeBytes) => {
    await writeFile(path, Buffer.alloc(sizeBytes));
    await using reader = await adapter.get(key);
    await rewrite();
    const refused = { code: 'precondition-failed', message: `${path} was changed while it was read.` };
    await expect(Array.fromAsync(reader?.body ?? [])).rejects.toMatchObject(refused);
    await using short = await adapter.get(key);
    await rewrite();
    if (short?.bytes !== undefined) await expect(short.bytes()).rejects.toMatchObject(refused);
  },
);

test.each([
  ['is replaced', replace],
  ['is deleted', () => rm(path)],
  ['gets another name', () => link(path, `${path}3`)],
] as const)('a file that %s is read as it was', async (_how, change) => {
  await writeFile(path, Buffer.alloc(2_000_000));
  await using reader = await adapter.get(key);
  await change();
  const chunks = await Array.fromAsync(reader?.body ?? [], ({ byteLength }) => byteLength);
  expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(2_000_000);
});

test.each([
  ['rewritten in place', rewrite, 'precondition-failed'],
  ['replaced', replace, undefined],
] as const)('a file that is %s while it is copied', async (_how, change, code) => {
  await writeFile(path, Buffer.alloc(1_000));
  const original = vi.mocked(copyFile).getMockImplementation() as typeof copyFile;
  vi.mocked(copyFile).mockImplementationOnce(async (...parameters) => {
    await original(...parameters);
    await change();
  });
  const copying = adapter.copy(key, 'copy' as ObjectKey);
  if (code === undefined) await copying;
  else await expect(copying).rejects.toMatchObject({ code });
});
