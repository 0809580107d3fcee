import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import { expect, test } from 'vitest';

test('the room of a store in SQLite is that of the disk, and telling it makes no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
  const { blocks, bsize } = await statfs(folder);
  await using adapter = new DatabaseStorageAdapter({ url: `sqlite:${join(folder, 'new', 'objects.db')}` });
  expect((await adapter.space())?.totalBytes).toBe(blocks * bsize);
  expect(await readdir(folder)).toEqual([]);
  await adapter.check({ write: true });
  expect((await adapter.space())?.freeBytes).toBeGreaterThan(0);
  await adapter[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('nobody is asked for the room of a server', async () => {
  await using adapter = new DatabaseStorageAdapter({ url: 'postgres://nobody@127.0.0.1:1/objects' });
  expect(await adapter.space()).toBeUndefined();
});
