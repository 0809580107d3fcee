import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import { parseObjectKey } from '@holdfast/domain';
import type { RecordDamage } from '@holdfast/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';

const [large, small] = [parseObjectKey('large'), parseObjectKey('small')];
let folder: string;
let adapter: DatabaseStorageAdapter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
  adapter = new DatabaseStorageAdapter({ url: `sqlite:${join(folder, 'objects.db')}` });
  await adapter.put(large, Buffer.alloc(2_000_000, 'x'));
  await adapter.put(small, Buffer.from('small'));
});

afterEach(async () => {
  await adapter[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test.each([
  ['update objects set size_bytes = 6 where key = ?', small, 'its record does not match its checksum'],
  ["update objects set bytes = x'00' where key = ?", small, 'its bytes in its row do not match its digest'],
  ['update objects set bytes = null where key = ?', small, 'its bytes are missing from its row'],
  [
    'delete from chunks where position = 3 and data_id = (select data_id from objects where key = ?)',
    large,
    'its chunks have 1737856 bytes, not 2000000',
  ],
])('finds damage: %s', async (statement, key, reason) => {
  expect(await damages()).toEqual([]);
  change(statement, key);
  expect(await damages()).toEqual([{ key, reason }]);
});

test('tells lost chunks as corrupt, at once or on the way', async () => {
  change('delete from chunks where position = 6', undefined);
  await using reader = await adapter.get(large);
  await expect(readAll(reader?.body)).rejects.toMatchObject({ code: 'corrupt', key: large });
  change('delete from chunks', undefined);
  await expect(adapter.get(large)).rejects.toMatchObject({ code: 'corrupt' });
});

test('ends a reader of another process whose object was replaced by an error that says so', async () => {
  await adapter.put(large, Buffer.alloc(8_000_000, 'x'));
  await using reader = await adapter.get(large);
  const chunks = reader?.body[Symbol.asyncIterator]();
  await chunks?.next();
  await adapter.put(large, Buffer.alloc(2_000_000, 'y'));
  change(
    "delete from chunks where data_id in (select data_id from bodies where state = 'unused')",
    undefined,
  );
  await expect(
    readAll({ [Symbol.asyncIterator]: () => chunks as AsyncIterator<Uint8Array> }),
  ).rejects.toMatchObject({ code: 'precondition-failed', hint: expect.stringContaining('Open it again') });
});

test('has nothing to rebuild', async () => {
  await adapter.maintenance.snapshot();
  await expect(adapter.maintenance.rebuild()).rejects.toMatchObject({ code: 'already-exists' });
});

/** Changes the tables as somebody would by hand. */
function change(statement: string, key: string | undefined): void {
  const database = new DatabaseSync(join(folder, 'objects.db'));
  try {
    database.prepare(statement).run(...(key === undefined ? [] : [key]));
  } finally {
    database.close();
  }
}

async function damages(): Promise<readonly RecordDamage[]> {
  const found: RecordDamage[] = [];
  for await (const damage of adapter.maintenance.checkRecords()) found.push(damage);
  return found;
}

async function readAll(body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const chunk of body ?? []) expect(chunk.byteLength).toBeGreaterThan(0);
}
