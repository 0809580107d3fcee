import { access, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

let folder: TemporaryFolder | undefined;
afterEach(() => folder?.remove());

describe.each(['store', 'plain'] as const)('the room of a store in the %s layout', (layout) => {
  test('is that of the disk, before and after it is made, and telling it makes nothing', async () => {
    folder = await temporaryFolder();
    const root = join(folder.path, 'not', 'there', 'yet');
    const { blocks, bsize } = await statfs(folder.path);
    await using adapter = new FilesystemStorageAdapter({ root, layout });
    const before = await adapter.space();
    expect(before?.totalBytes).toBe(blocks * bsize);
    expect(before?.freeBytes).toBeGreaterThan(0);
    await expect(access(join(folder.path, 'not'))).rejects.toThrow('ENOENT');
    await adapter.put('a' as Parameters<typeof adapter.put>[0], new Uint8Array(1));
    expect((await adapter.space())?.totalBytes).toBe(blocks * bsize);
  });

  test('cannot be told of a folder below a file', async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    await using adapter = new FilesystemStorageAdapter({ root: join(folder.path, 'file', 'store'), layout });
    await expect(adapter.space()).rejects.toMatchObject({ name: 'StorageError', operation: 'space' });
  });
});
