import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const [present, absent] = ['present' as ObjectKey, 'absent' as ObjectKey];
const bytes = Buffer.alloc(100_000, 'new');

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await folder.remove();
});

type Write = (adapter: FilesystemStorageAdapter, signal: AbortSignal) => Promise<unknown>;

const put: Write = (adapter, signal) => adapter.put(absent, bytes, { signal });
const putLate: Write = (adapter, signal) => adapter.put(() => absent, bytes, { signal });
const copy: Write = (adapter, signal) => adapter.copy(present, absent, { signal });
const transact: Write = (adapter, signal) =>
  adapter.transaction([{ kind: 'put', key: absent, body: bytes }], { signal });

describe('a write whose signal is aborted while its bytes are being synced', () => {
  test.for([
    { layout: 'store', name: 'put', write: put },
    { layout: 'store', name: 'put under a late key', write: putLate },
    { layout: 'store', name: 'copy', write: copy },
    { layout: 'store', name: 'transaction', write: transact },
    { layout: 'plain', name: 'put', write: put },
    { layout: 'plain', name: 'put under a late key', write: putLate },
    { layout: 'plain', name: 'copy', write: copy },
  ] as const)('is cancelled and leaves nothing: $layout, $name', async ({ layout, write }) => {
    const root = join(folder.path, 'store');
    await using adapter = new FilesystemStorageAdapter({ root, layout });
    await adapter.put(present, Buffer.alloc(50_000, 'old'));
    const signal = await abortedBySync();
    await expect(write(adapter, signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(signal.aborted).toBe(true);
    vi.restoreAllMocks();
    const pages = await Array.fromAsync(adapter.list());
    expect(pages.flatMap(({ objects }) => objects.map(({ key }) => key))).toEqual([present]);
    expect(await adapter.maintenance?.collectLeftovers()).toEqual({ removed: [], kept: [] });
  });
});

/** A signal that is aborted when the next file begins to be synced. */
async function abortedBySync(): Promise<AbortSignal> {
  const controller = new AbortController();
  await using file = await open(join(folder.path, 'any'), 'w');
  const prototype = Object.getPrototypeOf(file) as FileHandle;
  vi.spyOn(prototype, 'sync').mockImplementation(function (this: FileHandle) {
    controller.abort();
    return this.datasync();
  });
  return controller.signal;
}
