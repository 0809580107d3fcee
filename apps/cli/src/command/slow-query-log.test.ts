import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppSession } from './app-session.ts';
import { slowQueryLog } from './slow-query-log.ts';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-slow-'));
  lines = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

const outputOf = (isVerbose: boolean) => ({ isVerbose, complain: (line: string) => void lines.push(line) });
const query = { sql: 'select ?', durationMs: 1_234.5 };

test('a slow query is noted for its user alone, and printed with --verbose', () => {
  const state = join(folder, 'state');
  slowQueryLog({ folder: state, output: outputOf(false), now: () => 0 })(query);
  slowQueryLog({ folder: state, output: outputOf(true), now: () => 0 })(query);
  const path = join(state, 'slow-queries.log');
  const entry = '{"at":"1970-01-01T00:00:00.000Z","durationMs":1235,"sql":"select ?"}\n';
  expect(readFileSync(path, 'utf8')).toBe(entry + entry);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lines).toEqual(['slow query: 1.2 s: select ?']);
});

test('a long log is set aside, and one that cannot be written stops nothing', () => {
  const path = join(folder, 'slow-queries.log');
  writeFileSync(path, 'x'.repeat(1_048_577));
  const note = slowQueryLog({ folder, output: outputOf(true) });
  note(query);
  expect(statSync(`${path}.1`).size).toBe(1_048_577);
  expect(statSync(path).size).toBeLessThan(200);
  slowQueryLog({ folder: join(path, 'no-folder'), output: outputOf(true) })(query);
  expect(lines.at(-1)).toContain('could not be noted');
});

test('every command has one: what its registry is slow with is noted', async () => {
  const environment = { HOME: folder, XDG_STATE_HOME: join(folder, 'state') };
  const signal = new AbortController().signal;
  const session = {
    workingFolder: folder,
    environment,
    flags: {},
    signal,
    output: outputOf(true),
    slowQueryMs: -1,
  };
  await using app = new AppSession(session);
  await (await (await app.openApp({ create: true })).models()).listModels();
  expect(existsSync(join(folder, 'state', 'holdfast', 'slow-queries.log'))).toBe(true);
  expect(lines.join('\n')).toContain('from "models"');
});
