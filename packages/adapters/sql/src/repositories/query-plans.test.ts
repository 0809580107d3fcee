import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { printPageCursor } from '@holdfast/adapter-kit';
import {
  type ObjectLocation,
  type Repositories,
  digestOfHex,
  experiments,
  runMetrics,
  trainingRuns,
} from '@holdfast/domain';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SqlRegistryStore } from '../sql-registry-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-plans-'));
const path = join(folder, 'registry.db');
const digest = digestOfHex('0'.repeat(64));
const afterName = printPageCursor('rank_name,field_name,id ascending', [1, 'faults', 'e']);
const byName = { field: 'name', direction: 'ascending' } as const;
let store: SqlRegistryStore;

beforeAll(async () => {
  store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The plans of the statements that a question runs. */
async function plansOf(
  ask: (repositories: Repositories) => Promise<unknown>,
): Promise<readonly (readonly string[])[]> {
  const fresh = await SqlRegistryStore.open({ url: `sqlite:${path}` });
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  try {
    await ask(fresh.repositories);
    const statements = prepare.mock.calls.map(([sql]) => sql);
    prepare.mockRestore();
    return statements.map(planOf);
  } finally {
    prepare.mockRestore();
    await fresh[Symbol.asyncDispose]();
  }
}

function planOf(sql: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(`explain query plan ${sql}`)
      .all()
      .map((row) => String(row['detail']));
  } finally {
    database.close();
  }
}

const usesIndex = /^(?:SEARCH|SCAN) \S+ USING (?:COVERING )?(?:INDEX|PRIMARY KEY)/;
const readsTable = /^(?:SEARCH|SCAN) (?!\(?subquery|SUBQUERY|CONSTANT)/;

describe('one statement, and only indexes, answer', () => {
  const questions: readonly (readonly [string, (repositories: Repositories) => Promise<unknown>, RegExp])[] =
    [
      [
        'the listing by name',
        ({ models }) => models.listSummaries({ order: byName, limit: 50 }),
        /SCAN models USING INDEX sqlite_autoindex_models_2/,
      ],
      [
        'a later page of the listing',
        async ({ models }) =>
          models.listSummaries({
            order: byName,
            limit: 50,
            after: cursor(['models.name', 'models.id'], 'm', 'i'),
          }),
        /SEARCH models USING INDEX sqlite_autoindex_models_2 \(name>\?\)/,
      ],
      [
        'the listing by last change',
        ({ models }) =>
          models.listSummaries({ order: { field: 'updatedAt', direction: 'descending' }, limit: 50 }),
        /SCAN models USING INDEX models_by_updated_at/,
      ],
      [
        'the listing of a namespace',
        ({ models }) => models.listSummaries({ order: byName, filter: { namePrefix: 'team/' } }),
        /SEARCH models USING INDEX sqlite_autoindex_models_2 \(name>\? AND name<\?\)/,
      ],
      [
        'models by one tag',
        ({ models }) => models.listSummaries({ filter: { tags: { task: 'vision' } } }),
        /SEARCH model_tags USING COVERING INDEX model_tags_by_value \(key=\? AND value=\?\)/,
      ],
      [
        'models by several tags',
        ({ models }) => models.findAll({ filter: { tags: { task: 'vision', stage: 'gold' } } }),
        /SEARCH model_tags USING .*INDEX model_tags_by_value \(key=\? AND value=\?\)/,
      ],
      [
        'a model by name',
        ({ models }) => models.findByName('team/x'),
        /SEARCH models USING INDEX sqlite_autoindex_models_2 \(name=\?\)/,
      ],
      [
        'the newest version',
        ({ versions }) => versions.findLatest('m'),
        /SEARCH model_versions USING INDEX sqlite_autoindex_model_versions_2 \(model_id=\?\)/,
      ],
      [
        'a version by number',
        ({ versions }) => versions.findByNumber('m', 3),
        /sqlite_autoindex_model_versions_2 \(model_id=\? AND number=\?\)/,
      ],
      [
        'the versions of a model',
        ({ versions }) =>
          versions.findAll({
            filter: { modelId: 'm' },
            order: { field: 'number', direction: 'descending' },
            limit: 50,
          }),
        /sqlite_autoindex_model_versions_2 \(model_id=\?\)/,
      ],
      [
        'versions by digest',
        ({ versions }) => versions.findAll({ filter: { digest } }),
        /SEARCH model_versions USING INDEX model_versions_by_digest \(digest=\?\)/,
      ],
      [
        'versions by verdict',
        ({ versions }) => versions.count({ verdict: 'unscanned' }),
        /model_versions_by_verdict \(verdict=\?\)/,
      ],
      [
        'versions by tag',
        ({ versions }) => versions.findAll({ filter: { tags: { task: 'vision' } } }),
        /SEARCH version_tags USING COVERING INDEX version_tags_by_value \(key=\? AND value=\?\)/,
      ],
      [
        'versions of a model by tag',
        ({ versions }) => versions.findAll({ filter: { modelId: 'm', tags: { task: 'vision' } } }),
        /SEARCH version_tags USING .*PRIMARY KEY \(version_id=\?/,
      ],
      [
        'an alias',
        ({ aliases }) => aliases.find('m', 'champion'),
        /SEARCH aliases USING PRIMARY KEY \(model_id=\? AND name=\?\)/,
      ],
      [
        'the aliases of a version',
        ({ aliases }) => aliases.findByVersion('m', 3),
        /SEARCH aliases USING PRIMARY KEY \(model_id=\?\)/,
      ],
      [
        'the history of an alias',
        ({ aliases }) => aliases.findHistory('m', 'champion'),
        /SEARCH alias_moves USING PRIMARY KEY \(model_id=\? AND name=\?\)/,
      ],
      [
        'who refers to a digest',
        ({ objects }) => objects.findOwners(digest),
        /object_references_by_digest \(digest=\?\)/,
      ],
      [
        'the locations of a digest',
        ({ objects }) => objects.findLocations(digest),
        /SEARCH object_locations USING PRIMARY KEY \(digest=\?\)/,
      ],
      [
        'the locations in a store',
        ({ objects }) => objects.listLocations({ storeName: 'lake', limit: 50 }),
        /object_locations_by_store \(store_name=\?\)/,
      ],
      [
        'digests without a location',
        ({ objects }) => objects.listUnlocated({ limit: 50 }),
        /SEARCH object_locations USING PRIMARY KEY \(digest=\?\)/,
      ],
      [
        'an experiment by its name',
        ({ records }) => records.of(experiments).find({ name: 'faults' }),
        /record_experiment_unique_name|record_experiment_by_name/,
      ],
      [
        'the listing of experiments from a place on',
        ({ records }) => records.of(experiments).findAll({ limit: 50, after: afterName }),
        /record_experiment_by_name \(\(rank_name,field_name,id\)>/,
      ],
      [
        'the listing of the runs of an experiment, newest first',
        ({ records }) => records.of(trainingRuns).findAll({ filter: { experimentId: 'e' }, limit: 50 }),
        /record_training_run_by_experiment_id \(rank_experiment_id=\? AND field_experiment_id=\?\)/,
      ],
      [
        'the series of a run',
        ({ series }) => series.of(runMetrics).summarize('r'),
        /SEARCH series USING INDEX sqlite_autoindex_series_run_metric_1 \(owner=\?\)/,
      ],
      [
        'the points of a series',
        ({ series }) => series.of(runMetrics).read('r', 'loss', { from: 3, limit: 50 }),
        /SEARCH point USING PRIMARY KEY \(series=\? AND step>\?\)/,
      ],
      [
        'the best runs by a metric',
        ({ series }) =>
          series.of(runMetrics).findBest('loss', { of: 'last', direction: 'ascending', limit: 1 }),
        /series_run_metric_by_last \(key=\? AND last_rank<\?\)/,
      ],
    ];

  test.each(questions)('%s', async (_, ask, expected) => {
    const [plan = [], ...others] = await plansOf(ask);
    expect(others).toEqual([]);
    expect(plan.join('\n')).toMatch(expected);
    for (const detail of plan.filter((line) => readsTable.test(line))) expect(detail).toMatch(usesIndex);
    expect(plan.filter((line) => /AUTOMATIC/.test(line))).toEqual([]);
  });

  test.each(questions.filter(([name]) => /listing|the versions of a model|newest|history/.test(name)))(
    '%s, without sorting',
    async (_, ask) => {
      const [plan = []] = await plansOf(ask);
      expect(plan.filter((line) => line.startsWith('USE TEMP B-TREE'))).toEqual([]);
    },
  );
});

test('what a verification notes finds its rows by their key', async () => {
  const seen: ObjectLocation = {
    digest,
    storeName: 'lake',
    key: 'k',
    sizeBytes: 1,
    verifiedAt: '2026-01-01T00:00:00.000Z',
    state: 'verified',
  };
  const plans = await plansOf(({ objects }) => objects.noteVerified([seen], '2026-01-02T00:00:00.000Z'));
  expect(plans.flat().join('\n')).toMatch(
    /SEARCH object_locations USING PRIMARY KEY \(digest=\? AND store_name=\?\)/,
  );
});

test('what a collector asks for uses indexes', async () => {
  const plans = await plansOf(({ objects }) =>
    objects.condemn([digest], { now: '2026-01-01T00:00:00.000Z', by: 'me', storeNames: [] }),
  );
  const details = plans.flat();
  expect(details.join('\n')).toMatch(/object_references_by_digest \(digest=\?\)/);
  expect(details.join('\n')).toMatch(/leases_by_digest \(digest=\? AND expires_at>\?\)/);
  for (const detail of details.filter((line) => readsTable.test(line))) expect(detail).toMatch(usesIndex);
});

function cursor(columns: readonly string[], ...values: readonly string[]): string {
  return Buffer.from(JSON.stringify([`${columns.join(',')} ascending`, ...values])).toString('base64url');
}
