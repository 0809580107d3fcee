import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

test.skipIf(process.platform === 'win32')('no user may write to the files that hold bytes', async () => {
  const folder = await temporaryFolder();
  try {
    await using adapter = new FilesystemStorageAdapter({ root: folder.path });
    await adapter.put('large' as ObjectKey, Buffer.alloc(100_000));
    await adapter.copy('large' as ObjectKey, 'copy' as ObjectKey);
    await adapter.put('small' as ObjectKey, Buffer.alloc(10));
    await adapter.localPath('small' as ObjectKey);
    const entries = await readdir(join(folder.path, 'data'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const modes = await Promise.all(
      files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mode & 0o222),
    );
    expect(modes).toEqual([0, 0, 0]);
  } finally {
    await folder.remove();
  }
});
