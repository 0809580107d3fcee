import { MemoryRegistryStore } from '@holdfast/adapter-memory';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { type RegistryStore, registryRecordKinds } from '@holdfast/domain';
import { recordFact } from '@holdfast/tooling-reliability';
import { postgres } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { pagesOf, registryHistories, take } from './registry-steps.ts';

const server = await postgres.open();
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const numRuns = isLong ? 1_000 : 15;
afterAll(async () => server?.[Symbol.asyncDispose]());

async function recordsOf({ repositories }: RegistryStore): Promise<unknown> {
  const { archive, models } = repositories;
  return [
    ...(await Promise.all(registryRecordKinds.map((kind) => pagesOf((page) => archive.list(kind, page))))),
    await pagesOf((page) => archive.listNeeded(page)),
    (await models.listSummaries({ order: { field: 'name', direction: 'descending' } })).items,
  ];
}

describe.skipIf(server === undefined)('registries in memory, in SQLite and in PostgreSQL', () => {
  test('answer every history of calls alike', { timeout: 600_000 }, async () => {
    let count = 0;
    let schemas = 0;
    await fc.assert(
      fc.asyncProperty(registryHistories(), async (history) => {
        const schema = `agree_${process.pid}_${++schemas}`;
        await using memory = new MemoryRegistryStore();
        await using sqlite = await SqlRegistryStore.open({ url: 'sqlite::memory:' });
        await using onServer = await SqlRegistryStore.open({
          url: server?.address ?? '',
          schema,
          poolSize: 2,
        });
        for (const [index, one] of history.entries()) {
          count++;
          const expected = await take(one, memory);
          const title = `step ${index}`;
          expect(await take(one, sqlite), `${title} in SQLite`).toEqual(expected);
          expect(await take(one, onServer), `${title} in PostgreSQL`).toEqual(expected);
        }
        const expected = await recordsOf(memory);
        expect(await recordsOf(sqlite)).toEqual(expected);
        expect(await recordsOf(onServer)).toEqual(expected);
      }),
      { numRuns, endOnFailure: !isLong },
    );
    recordFact({
      subject: 'registry',
      measure: 'calls answered alike',
      detail: 'memory, SQLite, PostgreSQL',
      count,
      isLong,
    });
  });
});
