import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqlRegistryStore } from '../src/index.ts';
import { PostgresTestServer } from './postgres-test-server.ts';

const workers = 8;
const rounds = 15;
const worker = fileURLToPath(new URL('registry-worker.ts', import.meta.url));
const server = await PostgresTestServer.open();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-processes-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each(['SQLite', ...(server === undefined ? [] : ['PostgreSQL'])])(
  'eight processes that make and use one registry at once lose and repeat nothing: %s',
  { timeout: 120_000 },
  async (kind) => {
    const schema = kind === 'SQLite' ? '' : (server?.newSchema() ?? '');
    const url = schema === '' ? `sqlite:${join(folder, 'registry.db')}` : (server?.url ?? '');
    const run = async (number: number): Promise<{ numbers: number[]; registryId: string }> => {
      const parameters = [
        '--conditions=@holdfast/source',
        worker,
        url,
        schema,
        String(number),
        String(rounds),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, parameters);
      return JSON.parse(stdout);
    };
    const results = await Promise.all(Array.from({ length: workers }, (_, number) => run(number)));
    const total = workers * rounds;
    const numbers = results.flatMap((result) => result.numbers).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect(new Set(results.map(({ registryId }) => registryId)).size).toBe(1);

    await using store = await SqlRegistryStore.open({ url, ...(schema === '' ? {} : { schema }) });
    const [summary] = (await store.repositories.models.listSummaries()).items;
    expect(summary).toMatchObject({ versionCount: total, latest: { number: total } });
    expect(summary?.model).toMatchObject({ description: String(total), revision: total + 1 });
    const alias = await store.repositories.aliases.find('shared-model', 'champion');
    expect(alias?.revision).toBe(total);
    const history = await store.repositories.aliases.findHistory('shared-model', 'champion');
    expect(history).toHaveLength(total);
    for (const [index, move] of history.entries()) expect(move.from).toBe(history[index - 1]?.to);
  },
);
