import { spawn } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { privateMounts } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
import { shellCommand, visit, visitCommand } from './visit.ts';

const mounts = privateMounts();
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
if (!isRoot)
  process.stderr.write('!!! SKIPPED: folders of other users need root, so as to become somebody else\n');

let folder: TemporaryFolder;
let root: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  root = join(folder.path, 'store');
});

afterEach(() => folder.remove());

async function makeStore(): Promise<void> {
  await using adapter = new FilesystemStorageAdapter({ root, access: 'everyone' });
  await adapter.put('small' as ObjectKey, Buffer.from('small body'));
  await adapter.put('large' as ObjectKey, Buffer.alloc(100_000, 'x'));
}

function visitMounted<T>(script: string): Promise<T> {
  return visit([...(mounts ?? []), ...shellCommand(script, folder.path)]);
}

interface Failure {
  readonly code: string;
  readonly hint: string;
}

interface Reading {
  readonly contents: Readonly<Record<string, string>>;
  readonly refused: Readonly<Record<string, Failure>>;
}

function expectRead(reading: Reading): void {
  expect(reading).toMatchObject({
    contents: { small: expect.any(String), large: expect.any(String) },
    damages: [],
    range: 'xxxxx',
    path: reading.contents['large'],
    check: 'done',
  });
}

/** Everything is read, nothing is written, and every refusal says so. */
function expectReadOnly(reading: Reading): void {
  expectRead(reading);
  for (const [name, failure] of Object.entries(reading.refused)) {
    expect(failure, name).toMatchObject({
      code: 'permission-denied',
      hint: expect.stringContaining('write'),
    });
  }
}

describe.skipIf(mounts === undefined)('on a read-only disk', () => {
  test.each([
    ['a disk', 'mount -t tmpfs tmpfs "$folder"; visit make; mount -o remount,ro "$folder"'],
    ['a folder', 'visit make; mount --bind "$folder" "$folder"; mount -o remount,bind,ro "$folder"'],
  ])('a store is read and writes are refused: %s', async (_, mount) => {
    expectReadOnly(await visitMounted<Reading>(`${mount}; visit read`));
  });

  test('a store cannot be made', async () => {
    const made = await visitMounted('mount -t tmpfs -o ro tmpfs "$folder"; visit make');
    expect(made).toMatchObject({ code: 'permission-denied', hint: expect.stringContaining('read-only') });
  });
});

describe.skipIf(!isRoot)('in a folder of somebody else', () => {
  test('a store is read, writes are refused, and nothing is left', async () => {
    await makeStore();
    const before = await readdir(root, { recursive: true });
    expectReadOnly(await visit<Reading>(visitCommand(root, 'read'), { uid: nobody }));
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  test('a store is read with what its owner writes meanwhile, whether the owner stays or goes', async () => {
    await makeStore();
    const [program = '', ...parameters] = visitCommand(root, 'watch');
    const watcher = spawn(program, parameters, {
      uid: nobody,
      gid: nobody,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const looks = createInterface({ input: watcher.stdout })[Symbol.asyncIterator]();
    const look = async (): Promise<readonly string[]> =>
      Object.keys(JSON.parse((await looks.next()).value as string));
    expect(await look()).toEqual(['large', 'small']);
    {
      await using owner = new FilesystemStorageAdapter({ root, access: 'everyone' });
      await owner.put('a' as ObjectKey, Buffer.alloc(50_000));
      watcher.stdin.write('\n');
      expect(await look()).toEqual(['a', 'large', 'small']);
      await owner.put('b' as ObjectKey, Buffer.from('b'));
      watcher.stdin.write('\n');
      expect(await look()).toEqual(['a', 'b', 'large', 'small']);
    }
    await using next = new FilesystemStorageAdapter({ root, access: 'everyone' });
    await next.delete([{ key: 'a' as ObjectKey }]);
    watcher.stdin.end('\n');
    expect(await look()).toEqual(['b', 'large', 'small']);
  });
});

interface Filling {
  readonly found: readonly { readonly put: number; readonly readable: number }[];
  readonly contents: number;
}

describe.skipIf(mounts === undefined)('on a full disk', () => {
  test.each([1, 2, 3, 4])('writes are refused as quota-exceeded and the rest stays: %i MiB', async (size) => {
    const filling = await visitMounted<Filling>(
      `mount -t tmpfs -o size=${size}m tmpfs "$folder"; visit fill`,
    );
    for (const one of filling.found) {
      expect(one).toMatchObject({
        failure: { code: 'quota-exceeded', hint: expect.stringContaining('space') },
        left: [],
      });
      expect(one.readable).toBe(one.put);
    }
    expect(filling.found[0]?.put).toBeGreaterThan(0);
    expect(filling.contents).toBe(filling.found.reduce((sum, { put }) => sum + put, 0));
    expect(filling).toMatchObject({ damages: [], afterwards: { sizeBytes: 50_000 }, left: [] });
  });

  test('what is there is read by a process that finds no room at all', async () => {
    const useUp = 'dd if=/dev/zero of="$folder/ballast" bs=4096 2>/dev/null || true';
    const reading = await visitMounted<Reading>(
      `mount -t tmpfs -o size=1m tmpfs "$folder"; visit make; ${useUp}; visit read`,
    );
    expectRead(reading);
    expect(reading.refused['put small']).toMatchObject({ code: 'quota-exceeded' });
    expect(reading.refused['put large']).toMatchObject({ code: 'quota-exceeded' });
  });
});
