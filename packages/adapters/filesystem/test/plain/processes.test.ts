import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ScriptProcess } from '@holdfast/tooling-services';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';
import { keysOf, openPlain, textOf } from './open-plain.ts';

const processCount = 8;

let folder: TemporaryFolder;
let root: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'data');
});

afterEach(() => folder.remove());

/** Runs a task in eight processes at once, which name themselves 0 to 7; answers what each printed. */
async function contend(task: string, times: number): Promise<readonly (readonly string[])[]> {
  const script = new URL('contend.ts', import.meta.url);
  const ended = await Promise.all(
    Array.from(
      { length: processCount },
      (_, name) => new ScriptProcess(script, [root, task, String(name), String(times)]).ended,
    ),
  );
  expect(ended.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual(
    ended.map(() => ({ exitCode: 0, errors: '' })),
  );
  const left = await readdir(root, { recursive: true });
  expect(left.filter((path) => path.includes('.holdfast'))).toEqual([]);
  return ended.map(({ output }) => output.split('\n').filter((line) => line !== ''));
}

test('of eight processes that create one key, one wins', { timeout: 60_000 }, async () => {
  const rounds = 60;
  const won = await contend('create', rounds);
  expect(won.flat().toSorted()).toEqual(
    Array.from({ length: rounds }, (_, round) => String(round)).toSorted(),
  );
  await using adapter = openPlain(root);
  for (const [name, wins] of won.entries())
    for (const round of wins) expect(await textOf(adapter, `round ${round}/winner`)).toBe(String(name));
});

test(
  'whoever reads while eight processes overwrite sees one of their objects, whole',
  { timeout: 60_000 },
  async () => {
    await contend('overwrite', 60);
    await using adapter = openPlain(root);
    expect(await keysOf(adapter)).toEqual(['shared/object']);
  },
);

test('eight processes that come and go in the same folders lose nothing', { timeout: 60_000 }, async () => {
  await contend('comeAndGo', 60);
  expect(await readdir(root)).toEqual([]);
});

test(
  'eight processes that want a and a/b are told, and keep what they have',
  { timeout: 60_000 },
  async () => {
    await contend('collide', 60);
    expect(await readdir(root)).toEqual([]);
  },
);
