import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type Digest,
  type Model,
  ModelStorageInfo,
  type ModelVersion,
  type RegistryStore,
  changeTags,
  createModel,
  createReadyVersion,
  recordDescriptors,
  seriesDescriptors,
  versionOwner,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrateLocation } from '../migrate-sql-registry.ts';
import { migrations } from '../schema/migrations.ts';
import { pointsTable, recordTable, seriesTable } from '../schema/record-tables.ts';
import { sealedColumns, sealedTables } from '../schema/sealed-columns.ts';
import { SqlRegistryStore } from '../sql-registry-store.ts';

const now = '2026-01-01T00:00:00.000Z';
const digest = `sha256:${'ab'.repeat(32)}` as Digest;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sealed-'));
  path = join(folder, 'registry.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

async function fill({ repositories }: RegistryStore): Promise<void> {
  const { models, versions, aliases, objects } = repositories;
  const model = await models.save(createModel({ id: 'm', name: 'model', now }));
  const storage = ModelStorageInfo.memory({
    storagePath: 'a',
    format: 'onnx',
    sizeBytes: 1,
    checksum: digest,
  });
  const version = (number: number) =>
    createReadyVersion({
      id: `v${number}`,
      modelId: model.id,
      modelName: model.name,
      number,
      now,
      storage,
      artifactKind: 'file',
      totalSizeBytes: 1,
      fileCount: 1,
      lineage: [],
      parameters: {},
      tags: { a: '1\u0000' },
      metrics: { accuracy: 0.97123 },
      verdict: 'unscanned',
    });
  await models.reserveNumber('model');
  const saved = await versions.save(version(1));
  await versions.save(changeTags(saved, { b: '2' }, { now, by: 'ana' }));
  await versions.save(version(2));
  await versions.delete('v2');
  await aliases.move({ modelId: 'm', name: 'best', to: 1, expectedRevision: 0, now, by: 'ana' });
  await objects.addReferences(versionOwner('v1'), [digest]);
  await objects.putLocation({
    digest,
    storeName: 'lake',
    key: 'a',
    sizeBytes: 1,
    verifiedAt: now,
    state: 'verified',
  });
  const seen = await objects.findLocations(digest);
  await objects.noteVerified(seen, '2026-01-02T00:00:00.000Z');
  expect(await objects.findLocations(digest)).toMatchObject([{ verifiedAt: '2026-01-02T00:00:00.000Z' }]);
}

async function damageOf(store: RegistryStore) {
  return (await Array.fromAsync(store.checkRecords())).flat();
}

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test('every table with columns of its own is sealed, but for what is of the moment or made of others', () => {
  const unsealed = [
    'meta',
    'store_retirements',
    'model_tags',
    'version_tags',
    'leases',
    'condemned_objects',
    'schema_migrations',
  ];
  const fence = ['registry_generations', 'deletions', 'version_reservations', 'version_manifests'];
  const database = new DatabaseSync(':memory:');
  for (const { statements } of migrations) for (const statement of statements) database.exec(statement);
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  const records = [
    ...recordDescriptors.map(({ kind }) => recordTable(kind)),
    ...seriesDescriptors.flatMap(({ kind }) => [seriesTable(kind), pointsTable(kind)]),
  ];
  expect(new Set([...sealedTables, ...unsealed, ...fence, ...records])).toEqual(
    new Set([...tables.map(({ name }) => name), 'schema_migrations']),
  );
  for (const table of sealedTables) {
    const columns = database
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => name);
    const { key, others } = sealedColumns(table);
    expect(new Set([...key, ...others, 'checksum', ...(table === 'models' ? ['summary'] : [])])).toEqual(
      new Set(columns),
    );
  }
  database.close();
});

describe('a registry', () => {
  test('that no other program altered has no damage, whatever was done to it', async () => {
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    await fill(store);
    expect(await damageOf(store)).toEqual([]);
  });

  test.each([
    ['models', "document = replace(document, 'description', 'descriptiom')", { kind: 'model', modelId: 'm' }],
    [
      'model_versions',
      "document = replace(document, '0.97123', '0.17123')",
      { kind: 'version', versionId: 'v1', number: 1 },
    ],
    ['model_versions', "status = 'archived'", { kind: 'version', versionId: 'v1' }],
    ['number_counters', 'last = 1', { kind: 'counter' }],
    ['removed_versions', 'number = 3', { kind: 'counter' }],
    ['aliases', 'number = 2', { kind: 'alias', modelId: 'm' }],
    ['alias_moves', "by_actor = 'anb'", { kind: 'alias', number: 1 }],
    ['object_references', "owner = 'v0'", { kind: 'references', digest }],
    ['object_locations', 'size_bytes = 3', { kind: 'location', digest }],
  ])('that was altered in %s (%s) says so', async (table, assignment, expected) => {
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    await fill(store);
    change(`update ${table} set ${assignment}`);
    expect(await damageOf(store)).toMatchObject([expected]);
  });

  test.each([
    ['models', "document = replace(document, 'description', 'descriptiom')"],
    ['model_versions', "document = replace(document, '0.97123', '0.17123')"],
    ['number_counters', 'last = 1'],
    ['aliases', 'number = 2'],
  ])('refuses to make a new record of a damaged one in %s', async (table, assignment) => {
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    await fill(store);
    change(`update ${table} set ${assignment}`);
    const { models, versions, aliases } = store.repositories;
    const writes = {
      models: async () => models.save({ ...((await models.findById('m')) as Model), tags: { new: '1' } }),
      model_versions: async () =>
        versions.save(changeTags((await versions.findById('v1')) as ModelVersion, {}, { now })),
      number_counters: () => models.reserveNumber('model'),
      aliases: () => aliases.move({ modelId: 'm', name: 'best', to: 1, expectedRevision: 1, now }),
    };
    const error: unknown = await writes[table as keyof typeof writes]().catch((failure: unknown) => failure);
    expect(StorageError.isInstance(error, 'corrupt')).toBe(true);
    expect(await damageOf(store)).toHaveLength(1);
  });

  test('that is older gets its checksums when it is migrated', async () => {
    await migrateLocation({ kind: 'file', path }, { migrations: migrations.slice(0, 5) });
    change(`
      insert into models (id, name, revision, created_at, updated_at, document, summary)
      values ('m', 'model', 1, '${now}', '${now}', '{"description":"","tags":{}}', '[0,[]]');
      insert into number_counters (name, last) values ('model', 7);
    `);
    change(
      Array.from(
        { length: 250 },
        (_, index) => `insert into object_references (version_id, digest) values ('v', 'd${index}')`,
      ).join(';'),
    );
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    expect(await damageOf(store)).toEqual([]);
    expect(await store.repositories.models.reserveNumber('model')).toBe(8);
    change("update object_references set owner = 'w' where digest = 'd249'");
    expect(await damageOf(store)).toMatchObject([{ kind: 'references', versionId: 'w' }]);
  });
});
