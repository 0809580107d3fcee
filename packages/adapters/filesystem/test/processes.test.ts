import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { ScriptProcess } from '@holdfast/tooling-services';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const script = new URL('increment.ts', import.meta.url);
const processCount = 8;
const incrementsEach = 25;

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

test.each([
  ['bytes in the index', 0],
  ['bytes in files', 20_000],
])('eight processes that make a store and count in it lose nothing: %s', async (_where, paddingBytes) => {
  const root = join(folder.path, 'store');
  const parameters = [root, 'counter', String(incrementsEach), String(paddingBytes)];
  const ended = await Promise.all(
    Array.from({ length: processCount }, () => new ScriptProcess(script, parameters).ended),
  );
  expect(ended).toEqual(ended.map(() => ({ exitCode: 0, errors: '', output: '' })));

  await using adapter = new FilesystemStorageAdapter({ root });
  await using reader = await adapter.get('counter' as ObjectKey);
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  expect(Number(Buffer.concat(chunks).toString())).toBe(processCount * incrementsEach);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
  const dataFiles = (await readdir(join(root, 'data'), { recursive: true })).filter((name) =>
    name.includes('/'),
  );
  expect(dataFiles).toHaveLength(paddingBytes === 0 ? 0 : 1);
});
