import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type RegistryStore,
  createExperiment,
  createTrainingRun,
  experiments,
  runMetrics,
  trainingRuns,
} from '@holdfast/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqlRegistryStore } from '../sql-registry-store.ts';

const now = '2026-01-01T00:00:00.000Z';
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-record-tables-'));
  path = join(folder, 'registry.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

async function fill({ repositories: { records, series } }: RegistryStore): Promise<void> {
  await records.of(experiments).save(createExperiment({ id: 'e', name: 'faults', now }));
  await records.of(trainingRuns).save(createTrainingRun({ id: 'r', experimentId: 'e', now }));
  const points = [1, 2, 3].map((step) => ({ key: 'loss', step, atMs: step, value: 1 / step }));
  await series.of(runMetrics).append('r', points);
}

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

const experiment = { kind: 'record', subject: 'the experiment e', owner: { kind: 'experiment', id: 'e' } };
const metric = {
  kind: 'series',
  subject: 'the metric loss of the run r',
  owner: { kind: 'training_run', id: 'r' },
};

test.each([
  ["update record_experiment set record = replace(record, 'faults', 'fouls')", experiment],
  ["update record_experiment set updated_at = '2027-01-01T00:00:00.000Z'", experiment],
  ["update record_experiment set field_name = 'fouls'", experiment],
  ['update record_experiment set rank_name = 4', experiment],
  ['update points_run_metric set value = 9 where step = 2', metric],
  ['update points_run_metric set rank = 3 where step = 2', metric],
  ['delete from points_run_metric where step = 2', metric],
  ['update series_run_metric set least_value = 0', metric],
])('a registry that was altered by %s has that damage, and no other', async (sql, expected) => {
  await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
  await fill(store);
  expect((await Array.fromAsync(store.checkRecords())).flat()).toEqual([]);
  change(sql);
  expect((await Array.fromAsync(store.checkRecords())).flat()).toMatchObject([expected]);
});

test.each([
  [
    "update record_experiment set record = replace(record, 'faults', 'fouls')",
    async ({ repositories: { records } }: RegistryStore) => {
      const found = await records.of(experiments).findById('e');
      if (found !== undefined) await records.of(experiments).save(found);
    },
  ],
  [
    'update series_run_metric set least_value = 0',
    async ({ repositories: { series } }: RegistryStore) =>
      series.of(runMetrics).append('r', [{ key: 'loss', step: 9, atMs: 9, value: 9 }]),
  ],
])('what was altered by %s is not built upon', async (sql, write) => {
  await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
  await fill(store);
  change(sql);
  await expect(write(store)).rejects.toMatchObject({ code: 'corrupt' });
});
