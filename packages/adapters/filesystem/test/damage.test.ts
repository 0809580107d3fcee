import { chmod, mkdir, readFile, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { StorageError, type StorageErrorCode } from '@holdfast/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const small = 'small' as ObjectKey;
const large = 'large' as ObjectKey;
const largeBody = Buffer.alloc(100_000, 'x');

let folder: TemporaryFolder;
let root: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'store');
  await using adapter = new FilesystemStorageAdapter({ root });
  await adapter.put(small, Buffer.from('small body'));
  await adapter.put(large, largeBody);
});

afterEach(() => folder.remove());

async function expectCode(work: Promise<unknown>, code: StorageErrorCode): Promise<StorageError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!StorageError.isInstance(error))
    throw new Error(`no StorageError was thrown: ${String(error)}`, { cause: error });
  expect(error.code).toBe(code);
  return error;
}

async function dataFile(): Promise<string> {
  const names = await readdir(join(root, 'data'), { recursive: true });
  return join(root, 'data', names.find((name) => name.includes('/')) ?? '');
}

function changeIndex(sql: string): void {
  const index = new DatabaseSync(join(root, 'index.db'));
  index.exec(sql);
  index.close();
}

test.each([
  "UPDATE objects SET size_bytes = 9 WHERE key = 'small'",
  "UPDATE objects SET sha256 = replace(sha256, 'a', 'b') WHERE key = 'small'",
  'UPDATE objects SET metadata = \'{"a":"b"}\' WHERE key = \'small\'',
  "UPDATE objects SET etag = 'forged' WHERE key = 'small'",
])('a record that was changed behind our back is reported: %s', async (sql) => {
  changeIndex(sql);
  await using adapter = new FilesystemStorageAdapter({ root });
  await expectCode(adapter.head(small), 'corrupt');
  const error = await expectCode(adapter.get(small), 'corrupt');
  expect(error.message).toContain('"small"');
});

test('a damaged record can be overwritten and deleted', async () => {
  changeIndex(
    "UPDATE objects SET data_id = 'ffffffff' WHERE key = 'large'; UPDATE objects SET etag = 'x' WHERE key = 'small'",
  );
  await using adapter = new FilesystemStorageAdapter({ root });
  const written = await adapter.put(large, largeBody);
  expect(await adapter.head(large)).toEqual(written);
  expect(await adapter.delete([{ key: small }])).toEqual([{ key: small, outcome: 'deleted' }]);
});

test('an object whose file is gone is corrupt, not absent', async () => {
  await unlink(await dataFile());
  await using adapter = new FilesystemStorageAdapter({ root });
  await expectCode(adapter.get(large), 'corrupt');
  await expectCode(adapter.head(large), 'corrupt');
});

test('an object whose file was cut short is corrupt', async () => {
  const path = await dataFile();
  await chmod(path, 0o644);
  await writeFile(path, largeBody.subarray(1));
  await using adapter = new FilesystemStorageAdapter({ root });
  await expectCode(adapter.head(large), 'corrupt');
  await using reader = await adapter.get(large);
  await expectCode(Array.fromAsync(reader?.body ?? []), 'corrupt');
});

test('a store that lost its index says so and is not made anew', async () => {
  await unlink(join(root, 'index.db'));
  await using adapter = new FilesystemStorageAdapter({ root });
  await expectCode(adapter.head(small), 'corrupt');
  await expectCode(adapter.put(small, Buffer.from('x')), 'corrupt');
});

test('an index that is no database is corrupt', async () => {
  await writeFile(join(root, 'index.db'), 'not a database'.repeat(1_000));
  await using adapter = new FilesystemStorageAdapter({ root });
  await expectCode(adapter.head(small), 'corrupt');
});

test('a store of a newer layout is refused, with the way out', async () => {
  const marker = join(root, 'holdfast-store.json');
  const text = await readFile(marker, 'utf8');
  await writeFile(marker, text.replace('"layout": 1', '"layout": 2'));
  await using adapter = new FilesystemStorageAdapter({ root });
  const error = await expectCode(adapter.put(small, Buffer.from('x')), 'invalid-configuration');
  expect(error.hint).toContain('Upgrade');
});

test('a folder with other files does not become a store', async () => {
  const other = join(folder.path, 'other');
  await mkdir(other);
  await writeFile(join(other, 'thesis.tex'), 'text');
  await using adapter = new FilesystemStorageAdapter({ root: other });
  const error = await expectCode(adapter.put(small, Buffer.from('x')), 'invalid-configuration');
  expect(error.message).toContain('thesis.tex');
  expect(await readdir(other)).toEqual(['thesis.tex']);
});

test('a file in the place of the folder is refused', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, 'text');
  await using adapter = new FilesystemStorageAdapter({ root: file });
  await expectCode(adapter.put(small, Buffer.from('x')), 'invalid-configuration');
});

test('reading a store that is not there makes nothing', async () => {
  const missing = join(folder.path, 'missing');
  await using adapter = new FilesystemStorageAdapter({ root: missing });
  expect(await adapter.head(small)).toBeUndefined();
  expect(await adapter.get(small)).toBeUndefined();
  expect(await Array.fromAsync(adapter.list())).toEqual([]);
  expect(await adapter.delete([{ key: small }])).toEqual([{ key: small, outcome: 'absent' }]);
  await adapter.check();
  expect(await readdir(folder.path)).toEqual(['store']);
});
