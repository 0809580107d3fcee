import { mkdir, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type ProcessIdentity, ownIdentity, printIdentity } from '@holdfast/adapter-kit';
import type { ObjectKey } from '@holdfast/domain';
import type { LeftoverReport, StoreMaintenance } from '@holdfast/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const largeBody = Buffer.alloc(100_000, 'x');
const large = 'large' as ObjectKey;
const small = 'small' as ObjectKey;

let folder: TemporaryFolder;
let root: string;
let adapter: FilesystemStorageAdapter;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'store');
  adapter = new FilesystemStorageAdapter({ root });
  await adapter.put(large, largeBody);
  await adapter.put(small, Buffer.from('small'));
});

afterEach(async () => {
  await adapter[Symbol.asyncDispose]();
  await folder.remove();
});

function upkeep(): StoreMaintenance {
  if (adapter.maintenance === undefined) throw new Error('the store layout has maintenance');
  return adapter.maintenance;
}

async function leaveTemporary(owner: Partial<ProcessIdentity>, id: string): Promise<string> {
  const name = `${printIdentity({ ...ownIdentity(), ...owner })}-${id}`;
  await writeFile(join(root, 'tmp', name), 'half');
  return name;
}

async function leaveDataFile(id: string): Promise<string> {
  await mkdir(join(root, 'data', id.slice(0, 2)), { recursive: true });
  await writeFile(join(root, 'data', id.slice(0, 2), id), 'bytes');
  return `data/${id.slice(0, 2)}/${id}`;
}

function names(report: LeftoverReport): {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
} {
  return { removed: report.removed.map(({ name }) => name), kept: report.kept.map(({ name }) => name) };
}

async function dataFiles(): Promise<readonly string[]> {
  return (await readdir(join(root, 'data'), { recursive: true })).filter((name) => name.includes('/'));
}

test('a store without leftovers is left as it is', async () => {
  expect(await upkeep().collectLeftovers()).toEqual({ removed: [], kept: [] });
  expect(await dataFiles()).toHaveLength(1);
});

test('what ended writers left goes, with the reason; what may be in use stays', async () => {
  const ended = await leaveTemporary({ pid: 2 ** 22 + 1 }, 'a'.repeat(32));
  const reused = await leaveTemporary({ startTicks: '1' }, 'b'.repeat(32));
  const rebooted = await leaveTemporary({ boot: '0123abcd' }, 'c'.repeat(32));
  const alive = await leaveTemporary({}, 'd'.repeat(32));
  const elsewhere = await leaveTemporary({ host: '0123abcd', pid: 2 ** 22 + 1 }, 'e'.repeat(32));
  const contained = await leaveTemporary({ pidNamespace: '1', pid: 2 ** 22 + 1 }, 'f'.repeat(32));
  await writeFile(join(root, 'tmp', 'stranger'), '');

  const report = await upkeep().collectLeftovers();
  expect(names(report).removed.toSorted()).toEqual(
    [ended, reused, rebooted].map((name) => `tmp/${name}`).toSorted(),
  );
  expect((await readdir(join(root, 'tmp'))).toSorted()).toEqual(
    [alive, elsewhere, contained, 'stranger'].toSorted(),
  );
  expect(report.removed.every(({ reason, sizeBytes }) => reason.includes('ended') && sizeBytes === 4)).toBe(
    true,
  );
});

test('data files that no record refers to go, unless a living writer protects them', async () => {
  const orphan = await leaveDataFile('a'.repeat(32));
  const inFlight = await leaveDataFile('b'.repeat(32));
  await leaveTemporary({}, 'b'.repeat(32));
  const abandoned = await leaveDataFile('c'.repeat(32));
  const owner = await leaveTemporary({ pid: 2 ** 22 + 1 }, 'c'.repeat(32));

  const plan = await upkeep().collectLeftovers({ isDryRun: true });
  expect(names(plan).removed.toSorted()).toEqual([orphan, abandoned, `tmp/${owner}`].toSorted());
  expect(await dataFiles()).toHaveLength(4);

  expect(names(await upkeep().collectLeftovers())).toEqual(names(plan));
  expect(await dataFiles()).toHaveLength(2);
  expect((await dataFiles()).map((name) => `data/${name}`)).toContain(inFlight);
  expect(await adapter.head(large)).toBeDefined();
});

test('damage of records and bytes is told by key', async () => {
  const index = new DatabaseSync(join(root, 'index.db'));
  index.exec("UPDATE bodies SET body = x'00'");
  index.close();
  await unlink(join(root, 'data', (await dataFiles())[0] ?? ''));
  const damage = await Array.fromAsync(upkeep().checkRecords());
  expect(damage).toEqual([
    { key: large, reason: 'its data file is missing' },
    { key: small, reason: 'its bytes in the index do not match its digest' },
  ]);
});

test('a lost index is made anew from the snapshot and from the bytes', async () => {
  await upkeep().snapshot();
  const late = Buffer.alloc(50_000, 'late');
  const written = await adapter.put(
    (digest) => `objects/sha256/${digest.slice(7, 9)}/${digest.slice(7)}` as ObjectKey,
    late,
  );
  await adapter.delete([{ key: large }]);
  await adapter[Symbol.asyncDispose]();
  for (const name of ['index.db', 'index.db-wal', 'index.db-shm'])
    await unlink(join(root, name)).catch(() => undefined);

  adapter = new FilesystemStorageAdapter({ root });
  await expect(adapter.head(small)).rejects.toMatchObject({ code: 'corrupt' });
  expect(await upkeep().rebuild()).toEqual({ fromSnapshot: 1, fromBytes: 1, lost: [large] });
  expect(await adapter.head(small)).toMatchObject({ sizeBytes: 5 });
  expect(await adapter.head(written.key)).toMatchObject({
    sizeBytes: late.byteLength,
    checksum: written.checksum,
  });
  expect(await Array.fromAsync(upkeep().checkRecords())).toEqual([]);
  await expect(upkeep().rebuild()).rejects.toMatchObject({ code: 'already-exists' });
});
