import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseStorageAdapter, SqlRegistryStore } from '@holdfast/adapter-sql';
import type { ObjectKey } from '@holdfast/domain';
import { expect, onTestFinished, test } from 'vitest';

test.each([
  [undefined, 0o700, 0o600],
  ['group', 0o770, 0o660],
  ['everyone', 0o777, 0o666],
] as const)(
  'databases with access %s are made for those users only, with their folder',
  async (access, folderMode, fileMode) => {
    const around = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
    onTestFinished(() => rm(around, { recursive: true }));
    const folder = join(around, 'kept');
    const given = access === undefined ? {} : { access };
    await using registry = await SqlRegistryStore.open({
      url: `sqlite:${join(folder, 'registry.db')}`,
      createFolder: true,
      ...given,
    });
    await registry.repositories.models.reserveNumber('m');
    await using store = new DatabaseStorageAdapter({ url: `sqlite:${join(folder, 'objects.db')}`, ...given });
    await store.put('key' as ObjectKey, Buffer.alloc(10));
    const names = await readdir(folder);
    expect(names).toEqual(
      expect.arrayContaining(['registry.db', 'registry.db-wal', 'objects.db', 'objects.db-wal']),
    );
    const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    const lets = (mode: number): number => mode & ~process.umask();
    expect(await modeOf(folder)).toBe(lets(folderMode));
    for (const name of names)
      expect([name, await modeOf(join(folder, name))]).toEqual([name, lets(fileMode)]);
  },
);
