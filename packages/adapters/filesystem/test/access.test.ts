import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { LocalAccess } from '@holdfast/files';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** The mode of everything below a folder, itself included, by kind. */
async function modesIn(
  root: string,
): Promise<Readonly<Record<'folders' | 'files' | 'data', ReadonlySet<string>>>> {
  const found = { folders: new Set<string>(), files: new Set<string>(), data: new Set<string>() };
  for (const name of ['', ...(await readdir(root, { recursive: true }))]) {
    const stats = await stat(join(root, name));
    const kind = stats.isDirectory() ? 'folders' : /(?:^|\/)data\//.test(name) ? 'data' : 'files';
    found[kind].add((stats.mode & 0o777).toString(8));
  }
  return found;
}

const lets = (mode: number): string => (mode & ~process.umask()).toString(8);

test.each([
  [undefined, [0o700, 0o600, 0o400]],
  [LocalAccess.Owner, [0o700, 0o600, 0o400]],
  [LocalAccess.Group, [0o770, 0o660, 0o440]],
  [LocalAccess.Everyone, [0o777, 0o666, 0o444]],
] as const)(
  'what a store with access %s makes is for those users only',
  async (access, [folder, file, data]) => {
    const { path, remove } = await temporaryFolder();
    onTestFinished(remove);
    const root = join(path, 'around', 'store');
    await using adapter = new FilesystemStorageAdapter({ root, ...(access === undefined ? {} : { access }) });
    await adapter.put('large' as ObjectKey, Buffer.alloc(50_000));
    await adapter.put('small' as ObjectKey, Buffer.alloc(50));
    await adapter.copy('large' as ObjectKey, 'copy' as ObjectKey);
    await adapter.maintenance?.snapshot();
    expect(await modesIn(join(path, 'around'))).toEqual({
      folders: new Set([lets(folder)]),
      files: new Set([lets(file)]),
      data: new Set([lets(data)]),
    });
  },
);

test.each([
  [undefined, [0o700, 0o600]],
  [LocalAccess.Everyone, [0o777, 0o666]],
] as const)(
  'what a plain store with access %s makes is for those users only',
  async (access, [folder, file]) => {
    const { path, remove } = await temporaryFolder();
    onTestFinished(remove);
    const root = join(path, 'store');
    await using adapter = new FilesystemStorageAdapter({
      root,
      layout: 'plain',
      ...(access === undefined ? {} : { access }),
    });
    await adapter.put('a/b' as ObjectKey, Buffer.alloc(50));
    await adapter.put(() => 'c' as ObjectKey, Buffer.alloc(50));
    expect(await modesIn(root)).toMatchObject({
      folders: new Set([lets(folder)]),
      files: new Set([lets(file)]),
    });
  },
);
