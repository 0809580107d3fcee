import { StorageError } from '@holdfast/ports';
import { expect, test } from 'vitest';
import { backupFormat } from './backup-layout.ts';
import { parseBackupSummary } from './backup-summary.ts';
import { parseRegistryRecords } from './parse-registry-record.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const summary = {
  format: 'holdfast-backup-1',
  contents: 'registry',
  created: '2026-01-01T00:00:00.000Z',
  registryId: 'r',
  modelCount: 0,
  versionCount: 0,
  aliasCount: 0,
  objectCount: 0,
  objectBytes: 0,
  damagedCount: 0,
  files: { records: { sizeBytes: 0, digest }, objects: { sizeBytes: 0, digest } },
};
const run = {
  id: 'r',
  revision: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  experimentId: 'e',
  name: '',
  status: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  parameters: {},
  tags: {},
  artifacts: [],
};
const points = { kind: 'series', of: 'run_metric', owner: 'r', key: 'loss', start: 0 };

async function parse(...lines: readonly unknown[]): Promise<readonly unknown[]> {
  async function* all(): AsyncIterable<unknown> {
    yield* lines;
  }
  return Array.fromAsync(parseRegistryRecords(all()));
}

test('backups of the first form are read, and those of a later one are refused as newer', async () => {
  const print = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
  expect(parseBackupSummary(print(summary))).toEqual(summary);
  expect(
    parseBackupSummary(print({ ...summary, format: backupFormat, recordCounts: { a: 1 } })),
  ).toBeDefined();
  for (const [changes, code] of [
    [{ format: 'holdfast-backup-3' }, 'unsupported'],
    [{ recordCounts: { a: -1 } }, 'corrupt'],
    [{ recordCounts: 1 }, 'corrupt'],
  ] as const)
    expect(() => parseBackupSummary(print({ ...summary, ...changes }))).toThrow(
      expect.objectContaining({ code }),
    );
});

test('references of the first form belong to the version that they name', async () => {
  expect(await parse({ kind: 'references', versionId: 'v', digests: [digest] })).toEqual([
    { kind: 'references', owner: { kind: 'version', id: 'v' }, digests: [digest] },
  ]);
});

test('records and points of every kind are checked by their descriptors', async () => {
  const good = [
    { kind: 'record', of: 'training_run', record: run },
    {
      ...points,
      points: [
        [1, 2, 0.5],
        [2, 3, { $number: 'NaN' }],
      ],
    },
  ];
  expect(await parse(...good)).toEqual(good);
});

test.each([
  { kind: 'record', of: 'unknown', record: run },
  { kind: 'record', of: 'training_run', record: { ...run, status: 'lost' } },
  { kind: 'record', of: 'training_run', record: { ...run, revision: 'one' } },
  {
    kind: 'record',
    of: 'training_run',
    record: { ...run, artifacts: [{ path: '../a', digest, sizeBytes: 1 }] },
  },
  { kind: 'record', of: 'training_run', record: null },
  { ...points, of: 'unknown', points: [] },
  { ...points, points: [[1.5, 2, 0.5]] },
  { ...points, points: [[1, 2, 'x']] },
  { ...points, points: [3] },
  { kind: 'references', owner: { kind: 'training_run' }, digests: [] },
])('%j is no record, and the backup is damaged', async (line) => {
  const error: unknown = await parse(line).catch((failure: unknown) => failure);
  expect(StorageError.isInstance(error, 'corrupt')).toBe(true);
});
