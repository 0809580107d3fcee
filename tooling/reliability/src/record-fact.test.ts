import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { factsVariable, recordFact } from './record-fact.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-facts-'));
const fact = { subject: 'store', measure: 'kills', detail: 'fsync', count: 25, isLong: false };

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a fact is one line of the file that is named, and nothing where none is', () => {
  const path = join(folder, 'facts.jsonl');
  recordFact(fact);
  expect(readdirSync(folder)).toEqual([]);
  vi.stubEnv(factsVariable, path);
  recordFact(fact);
  recordFact({ ...fact, count: 26 });
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([fact, { ...fact, count: 26 }]);
});
