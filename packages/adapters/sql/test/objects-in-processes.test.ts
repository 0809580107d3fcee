import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import { parseObjectKey } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { ObjectProcess } from './object-process.ts';
import { PostgresTestServer } from './postgres-test-server.ts';

const processCount = 8;
const timesEach = 10;
const timeout = 90_000;
const key = parseObjectKey('counter');
const server = await PostgresTestServer.open();

interface Place extends AsyncDisposable {
  readonly url: string;
  readonly schema: string;
}

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    'SQLite',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
      const url = `sqlite:${join(folder, 'objects.db')}`;
      return { url, schema: '', [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
    },
  ],
  ...(server === undefined
    ? []
    : [
        [
          'PostgreSQL',
          async () => ({
            url: server.url,
            schema: server.newSchema(),
            [Symbol.asyncDispose]: async () => {},
          }),
        ] as const,
      ]),
];

describe.each(places)('objects in %s', (_name, makePlace) => {
  test.each([0, 300_000])(
    'eight processes that make a store and count in it lose nothing: %d bytes',
    { timeout },
    async (paddingBytes) => {
      await using place = await makePlace();
      const parameters = ['increment', place.url, place.schema, String(timesEach), String(paddingBytes)];
      const workers = Array.from({ length: processCount }, () => new ObjectProcess(parameters));
      const ends = await Promise.all(workers.map((worker) => worker.ended()));
      expect(ends.filter((errors) => errors !== '')).toEqual([]);
      await using adapter = open(place);
      await using reader = await adapter.get(key);
      const chunks: Buffer[] = [];
      for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
      expect(Number(Buffer.concat(chunks).toString())).toBe(processCount * timesEach);
      const { kept } = await adapter.maintenance.collectLeftovers();
      expect(kept).toEqual([]);
      expect(await adapter.maintenance.collectLeftovers()).toEqual({ removed: [], kept: [] });
    },
  );

  test('keeps what a living writer has staged, and removes what a killed one left', { timeout }, async () => {
    await using place = await makePlace();
    await using adapter = open(place);
    const worker = new ObjectProcess(['stage', place.url, place.schema]);
    await worker.said();
    const alive = await adapter.maintenance.collectLeftovers();
    expect(alive.removed).toEqual([]);
    expect(alive.kept).toMatchObject([{ reason: 'its writer may still be running' }]);
    expect(alive.kept[0]?.sizeBytes).toBeGreaterThan(1_000_000);
    await worker.kill();
    await expect
      .poll(async () => (await adapter.maintenance.collectLeftovers({ isDryRun: true })).removed.length)
      .toBe(1);
    const { removed, kept } = await adapter.maintenance.collectLeftovers();
    expect([removed.length, kept.length]).toEqual([1, 0]);
    expect(await adapter.maintenance.collectLeftovers()).toEqual({ removed: [], kept: [] });
    expect(await adapter.head(key)).toBeUndefined();
  });
});

function open({ url, schema }: Place): DatabaseStorageAdapter {
  return new DatabaseStorageAdapter({ url, ...(schema === '' ? {} : { schema }) });
}
