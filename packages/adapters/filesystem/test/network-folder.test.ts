import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { bindfs, privateMounts, ScriptProcess } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
import { shellCommand, visit } from './visit.ts';

const fuse = privateMounts() === undefined ? undefined : bindfs();
const processCount = 8;

let folder: TemporaryFolder;
let root: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'store');
});

afterEach(() => folder.remove());

const key = (name: string): ObjectKey => name as ObjectKey;
const openThere = (busyTimeoutMs = 30_000): FilesystemStorageAdapter =>
  new FilesystemStorageAdapter({ root, medium: 'network', busyTimeoutMs });

describe('a store in a network folder', () => {
  test('keeps no log, and all that a local one keeps', async () => {
    await using adapter = openThere();
    const { etag } = await adapter.put(key('a'), Buffer.from('a'));
    await adapter.put(key('b'), Buffer.alloc(100_000), { mode: 'create' });
    await adapter.put(key('a'), Buffer.alloc(50_000), { mode: { ifMatch: etag } });
    expect(await readdir(root)).toEqual(expect.not.arrayContaining(['index.db-wal', 'index.db-shm']));
    expect(await Array.fromAsync(adapter.maintenance?.checkRecords() ?? [])).toEqual([]);
    await adapter.maintenance?.snapshot();
  });

  test('is left to its readers while it is written, and the other way round, without an open outcome', async () => {
    await using writer = openThere();
    await using reader = openThere();
    await writer.put(key('a'), Buffer.from('0'));
    const writes = Array.from({ length: 50 }, (_, count) => writer.put(key('a'), Buffer.from(String(count))));
    const reads = Array.from({ length: 50 }, () => reader.head(key('a')));
    expect((await Promise.all(reads)).every((info) => info !== undefined)).toBe(true);
    expect(await Promise.all(writes)).toHaveLength(50);
  });

  test('that a reader holds is waited for, then refused as unavailable, and nothing has happened', async () => {
    await using adapter = openThere(100);
    await adapter.put(key('a'), Buffer.from('old'));
    const other = new DatabaseSync(join(root, 'index.db'));
    other.exec('begin; select * from objects');
    other.prepare('select * from objects').all();
    await expect(adapter.put(key('a'), Buffer.from('new!'))).rejects.toMatchObject({
      code: 'unavailable',
      retry: 'exhausted',
    });
    other.close();
    expect(await adapter.head(key('a'))).toMatchObject({ sizeBytes: 3 });
  });

  test('can be made anew when its index is lost, and stays with its host', async () => {
    {
      await using adapter = openThere();
      await adapter.put(key('a'), Buffer.from('a'));
      await adapter.maintenance?.snapshot();
    }
    await rm(join(root, 'index.db'));
    await using adapter = openThere();
    expect(await adapter.maintenance?.rebuild()).toMatchObject({ fromSnapshot: 1, lost: [] });
    expect(await adapter.head(key('a'))).toMatchObject({ sizeBytes: 1 });
    expect(await readdir(root)).toContain('index.db-host');
  });
});

describe.skipIf(fuse === undefined)('a store behind FUSE', () => {
  const mounted = (script: string): readonly string[] => [
    ...'unshare --mount --uts --pid --fork --kill-child --mount-proc'.split(' '),
    ...shellCommand(`mkdir -p "$folder.source"; ${fuse} "$folder.source" "$folder"; ${script}`, folder.path),
  ];

  afterEach(() => rm(`${folder.path}.source`, { recursive: true, force: true }));

  test('is known for a network folder, and belongs to the host that made it', async () => {
    const made = await visit(mounted('visit make'));
    expect(made).toMatchObject({ small: expect.any(String), large: expect.any(String) });
    const source = join(`${folder.path}.source`, 'store');
    const files = 'data holdfast-store.json index.db index.db-host index.db-journal tmp';
    expect((await readdir(source)).toSorted()).toEqual(files.split(' '));
    expect(await readdir(join(source, 'tmp'))).toEqual([]);

    const elsewhere = await visit<Reading>(mounted('hostname elsewhere; visit read'));
    expect(elsewhere.contents).toMatchObject({
      code: 'locked',
      hint: expect.stringMatching(/bucket.*index\.db-host/is),
    });
    for (const refused of Object.values(elsewhere.refused)) expect(refused).toMatchObject({ code: 'locked' });
    expect((await visit<Reading>(mounted('visit read'))).contents).toEqual(made);

    const record = await readFile(join(source, 'index.db-host'), 'utf8');
    const moved = mounted('hostname elsewhere; rm "$folder/store/index.db-host"; visit read');
    expect((await visit<Reading>(moved)).contents).toMatchObject({ large: expect.any(String) });
    expect(await readFile(join(source, 'index.db-host'), 'utf8')).not.toBe(record);
  });

  test('is shared by eight processes of one host, which lose nothing', { timeout: 120_000 }, async () => {
    const script = join(import.meta.dirname, 'increment.ts');
    const increment = `'${process.execPath}' --conditions=@holdfast/source '${script}' "$folder/store" counter 10`;
    const all = `for n in $(seq ${processCount}); do ${increment} & pids="$pids $!"; done; for pid in $pids; do wait $pid; done`;
    const read = await visit<Reading>(mounted(`pids=; ${all}; visit count`));
    expect(read).toEqual({ counter: String(processCount * 10) });
  });
});

interface Reading {
  readonly contents: object;
  readonly refused: Readonly<Record<string, object>>;
}

test('eight processes count in a store with a rollback journal, and lose nothing', async () => {
  await using adapter = openThere();
  await adapter.put(key('counter'), Buffer.from('0'));
  const script = new URL('increment.ts', import.meta.url);
  const parameters = [root, 'counter', '10'];
  const ended = await Promise.all(
    Array.from({ length: processCount }, () => new ScriptProcess(script, parameters).ended),
  );
  expect(ended).toEqual(ended.map(() => ({ exitCode: 0, errors: '', output: '' })));
  await using reader = await adapter.get(key('counter'));
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  expect(Buffer.concat(chunks).toString()).toBe(String(processCount * 10));
});
