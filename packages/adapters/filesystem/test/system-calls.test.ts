import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { strace } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
import { visit, visitCommand } from './visit.ts';

const tracer = strace();

let folder: TemporaryFolder;
let root: string;
let log: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'store');
  log = join(folder.path, 'calls');
});

afterEach(() => folder.remove());

/** Looks at the store while its system calls are recorded, or made to fail. */
function visitTraced<T>(tracing: readonly string[], task: string, ...more: readonly string[]): Promise<T> {
  const command = visitCommand(root, task, ...more);
  return visit([tracer ?? 'strace', '-f', '-y', '-qqq', '-o', log, ...tracing, ...command]);
}

const inject = (call: string, fault: string): readonly string[] => [
  '-e',
  `trace=${call}`,
  '-e',
  `inject=${call}:${fault}`,
];

async function makeStore(): Promise<void> {
  await using adapter = new FilesystemStorageAdapter({ root });
  await adapter.put('small' as ObjectKey, Buffer.from('small body'));
  await adapter.put('large' as ObjectKey, Buffer.alloc(100_000, 'x'));
}

async function dataFiles(): Promise<readonly string[]> {
  return (await readdir(join(root, 'data'), { recursive: true })).filter((name) => name.includes('/'));
}

describe.skipIf(tracer === undefined)('where the file system has no hard links', () => {
  test.each(['EPERM', 'EOPNOTSUPP', 'ENOSYS'])(
    'a store is made and written to all the same: %s',
    async (error) => {
      const made = await visitTraced(inject('link', `error=${error}`), 'make');
      expect(await readFile(log, 'utf8')).toContain('INJECTED');
      expect(made).toMatchObject({ small: expect.any(String), large: expect.any(String) });
      expect(await readdir(join(root, 'tmp'))).toEqual([]);
      expect((await readdir(root)).toSorted()).toEqual(['data', 'holdfast-store.json', 'index.db', 'tmp']);
      await using adapter = new FilesystemStorageAdapter({ root });
      expect(await Array.fromAsync(adapter.maintenance?.checkRecords() ?? [])).toEqual([]);
      expect(await adapter.maintenance?.collectLeftovers()).toEqual({ removed: [], kept: [] });
      expect(await dataFiles()).toHaveLength(1);
    },
  );
});

describe.skipIf(tracer === undefined)('where file locks do not work', () => {
  test.each([
    ['ENOLCK', 'unavailable'],
    ['EOPNOTSUPP', 'unsupported'],
    ['EINVAL', 'unsupported'],
  ])('a store is refused and stays as it is: %s', async (error, code) => {
    await makeStore();
    const reading = await visitTraced<{ readonly refused: Readonly<Record<string, object>> }>(
      ['-P', join(root, 'index.db'), ...inject('fcntl', `error=${error}`)],
      'read',
      '50',
    );
    expect(await readFile(log, 'utf8')).toContain('F_SETLK');
    expect(reading).toMatchObject({ contents: { code }, check: { code } });
    for (const failure of Object.values(reading.refused)) {
      expect(failure).toMatchObject({ code, hint: expect.stringContaining('local disk') });
    }
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    expect(await dataFiles()).toHaveLength(1);
    await using adapter = new FilesystemStorageAdapter({ root });
    const [page] = await Array.fromAsync(adapter.list());
    expect(page?.objects.map((info) => info.key)).toEqual(['large', 'small']);
  });
});

interface SystemCall {
  readonly name: string;
  /** The last one where there are two. */
  readonly path: string;
}

async function readCalls(): Promise<readonly SystemCall[]> {
  const lines = (await readFile(log, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const match = /(\w+)\((?:"[^"]+", )?(?:\d+<([^>]+)>|"([^"]+)")/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', path: match[2] ?? match[3] ?? '' }];
  });
}

describe.skipIf(tracer === undefined)('a power cut', () => {
  /** A data file goes once the deletion of its record is on the disk: in the synced log, or in the synced database. */
  test.each(['full', 'data', 'none'])(
    'cannot bring back a record whose file is gone: %s',
    async (durability) => {
      const calls = 'trace=fsync,fdatasync,unlink,pwrite64,ftruncate';
      await visitTraced(['-e', calls], 'replace', '5000', durability);
      let isLogSynced = true;
      let isCovered = true;
      let unlinked = 0;
      let unsynced = 0;
      for (const { name, path } of await readCalls()) {
        const isSync = name === 'fsync' || name === 'fdatasync';
        if (name === 'pwrite64' && path.endsWith('index.db-wal')) isLogSynced = isCovered = false;
        if (isSync && path.endsWith('index.db-wal')) isLogSynced = true;
        if (isSync && path.endsWith('index.db') && isLogSynced) isCovered = true;
        if (name !== 'unlink' || !/\/data\/\w\w\//.test(path)) continue;
        unlinked++;
        if (!(durability === 'full' ? isLogSynced : isCovered)) unsynced++;
      }
      expect(unlinked).toBe(140);
      expect(unsynced).toBe(0);
    },
  );

  test('cannot take the new file when it has taken the replaced one: none', async () => {
    await visitTraced(['-e', 'trace=fsync,unlink,link,pwrite64'], 'replace', '5000', 'none');
    const unsynced = new Set<string>();
    let isWrong = false;
    for (const { name, path } of await readCalls()) {
      const folderOf = /\/data\/\w\w/.exec(path)?.[0];
      if (name === 'fsync') unsynced.delete(folderOf ?? '');
      if (name === 'link' && folderOf !== undefined) unsynced.add(folderOf);
      if (name === 'unlink' && folderOf !== undefined && unsynced.size > 0) isWrong = true;
    }
    expect(isWrong).toBe(false);
  });
});
