import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SampleRecord, sampleRecord, sampleRecords } from '@holdfast/conformance';
import type { AnyRecordDescriptor, RecordDescriptor } from '@holdfast/domain';
import { afterAll, describe, expect, test } from 'vitest';
import { indexField } from '../src/schema/index-field.ts';
import { type Migration, migrations } from '../src/schema/migrations.ts';
import { recordTableStatements } from '../src/schema/record-tables.ts';
import { SqlRegistryStore } from '../src/sql-registry-store.ts';
import { PostgresTestServer } from './postgres-test-server.ts';

const recordCount = 1_201;
const newest = migrations.length;
const before: readonly Migration[] = [
  ...migrations,
  {
    version: newest + 1,
    name: 'samples',
    statements: recordTableStatements({ kind: 'sample', fields: { title: 'text' }, unique: [] }),
  },
];
const { title, score } = sampleRecords.fields;
const { fields: _fields, order: _order, ...others } = sampleRecords;
const unordered = { ...others, unique: [], order: { field: 'id', direction: 'ascending' } } as const;
const titles: RecordDescriptor<SampleRecord, 'title'> = { ...unordered, fields: { title } };
const scores: RecordDescriptor<SampleRecord, 'title' | 'score'> = { ...unordered, fields: { title, score } };

const server = await PostgresTestServer.open();
const folder = await mkdtemp(join(tmpdir(), 'holdfast-index-field-'));
afterAll(() => rm(folder, { recursive: true }));

const places = [
  { name: 'SQLite', place: { url: `sqlite:${join(folder, 'registry.db')}` } },
  ...(server === undefined
    ? []
    : [{ name: 'PostgreSQL', place: { url: server.url, schema: server.newSchema() } }]),
];

/** The steps that index a field, read by a descriptor that may fail. */
function indexing(descriptor: AnyRecordDescriptor): readonly Migration[] {
  return [...before, ...indexField(newest + 2, descriptor, 'score')];
}

describe.each(places)('a field that is indexed later in $name', ({ place }) => {
  test('is filled in some records a transaction, goes on where it was interrupted, and is used when it is ready', async () => {
    {
      await using older = await SqlRegistryStore.open({ ...place, migrations: before });
      await older.unitOfWork(async ({ records }) => {
        for (let number = 1; number <= recordCount; number++)
          await records.of(titles).save(sampleRecord(number, { score: number % 10 }));
      });
    }
    const read: string[] = [];
    let stopsAt = 700;
    const counting: AnyRecordDescriptor = {
      ...titles,
      fields: {
        score: {
          type: 'number',
          of: (record) => {
            if (read.length === stopsAt) throw new Error('the machine stopped');
            read.push(record.id);
            return score.of(record as SampleRecord);
          },
        },
      },
    };
    const open = () => SqlRegistryStore.open({ ...place, migrations: indexing(counting) });
    await expect(open()).rejects.toThrow('the machine stopped');
    await expect(
      SqlRegistryStore.open({ ...place, migrations: indexing(counting), readOnly: true }),
    ).rejects.toMatchObject({ code: 'invalid-configuration' });
    stopsAt = Number.POSITIVE_INFINITY;
    read.length = 0;
    await using store = await open();
    expect(read).toHaveLength(recordCount - 500);
    const samples = store.repositories.records.of(scores);
    expect(await samples.count({ score: 3 })).toBe(120);
    expect(await samples.count({ score: null })).toBe(0);
    await using again = await open();
    expect(read).toHaveLength(recordCount - 500);
    expect(await again.repositories.records.of(titles).count()).toBe(recordCount);
  });
});
