import { randomUUID } from 'node:crypto';
import { open, symlink, writeFile } from 'node:fs/promises';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { StorageAdapter } from '@holdfast/ports';
import { StorageService, collectSpools } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { namelessFiles } from './support/nameless-files.ts';
import { overriding } from './support/overriding.ts';

afterEach(() => vi.restoreAllMocks());

function serviceIn(spoolFolder: string): StorageService {
  const memory = new MemoryStorageAdapter();
  const main = overriding<StorageAdapter>(memory, {
    capabilities: { ...memory.capabilities, lateKey: false },
  });
  return new StorageService({ adapters: { main }, spoolFolder });
}

async function* chunksOf(sizes: readonly number[], between: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (const size of sizes) {
    yield Buffer.alloc(size, size);
    await between();
  }
}

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)(
  'a spool has no name and can be read by its owner only, while it is written',
  async () => {
    await using folder = await TemporaryFolder.make();
    const before = process.umask(0);
    const seen: (readonly string[])[] = [];
    const modes = new Set<number>();
    try {
      const look = async (): Promise<void> => {
        seen.push(await folder.names());
        for (const file of await namelessFiles(folder.path)) modes.add(file.mode & 0o777);
      };
      await using service = serviceIn(folder.path);
      const info = await service.save(chunksOf([10, 300_000, 20], look), { format: 'binary' });
      expect(Buffer.from(await service.load(info))).toEqual(
        Buffer.concat([Buffer.alloc(10, 10), Buffer.alloc(300_000, 300_000), Buffer.alloc(20, 20)]),
      );
    } finally {
      process.umask(before);
    }
    expect(seen).toEqual([[], [], []]);
    expect([...modes]).toEqual([0o600]);
    expect(await namelessFiles(folder.path)).toEqual([]);
  },
);

test.each([
  ['ENOSPC', 300_000, 'quota-exceeded'],
  ['EDQUOT', 300_000, 'quota-exceeded'],
  ['ENOSPC', 10, 'quota-exceeded'],
  ['EIO', 300_000, 'invalid-configuration'],
] as const)('a disk that answers %s to a spool of %i bytes fails the save: %s', async (...row) => {
  const [code, sizeBytes, expected] = row;
  await using folder = await TemporaryFolder.make();
  await using service = serviceIn(folder.path);
  const handle = await open(folder.join('x'), 'w');
  await handle.close();
  const failure = Object.assign(new Error(`${code}: no`), { code });
  vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'write').mockRejectedValue(failure);
  const saved = service.save(
    chunksOf([sizeBytes], async () => undefined),
    { format: 'binary' },
  );
  const error = await expectCode(saved, expected);
  expect(error.message).toContain(folder.path);
  expect(await namelessFiles(folder.path)).toEqual([]);
});

describe('what killed savers left', () => {
  const current = `holdfast-${randomUUID()}.spool`;
  const earlier = `holdfast-spool-${randomUUID()}`;

  test('goes, or stays where an earlier version may use it; nothing else is touched', async () => {
    await using folder = await TemporaryFolder.make();
    const others = ['holdfast-notes.spool', 'other.spool'];
    for (const name of [current, earlier, ...others]) await writeFile(folder.join(name), 'leftover');
    await symlink('/etc/hostname', folder.join(`holdfast-${randomUUID()}.spool`));
    const report = {
      removed: [expect.objectContaining({ name: current, sizeBytes: 8 })],
      kept: [expect.objectContaining({ name: earlier, reason: expect.stringContaining('--alone') })],
    };
    expect(await collectSpools(folder.path, { isDryRun: true })).toEqual(report);
    expect(await folder.names()).toHaveLength(5);
    expect(await collectSpools(folder.path)).toEqual(report);
    expect(await collectSpools(folder.path, { isAlone: true })).toEqual({
      removed: [expect.objectContaining({ name: earlier })],
      kept: [],
    });
    expect(await folder.names()).toHaveLength(3);
  });

  test('is none where there is no folder', async () => {
    expect(await collectSpools('/no/such/folder')).toEqual({ removed: [], kept: [] });
  });
});
