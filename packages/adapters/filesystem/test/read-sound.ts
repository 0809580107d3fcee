import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { expect } from 'vitest';
import type { CrashSubject } from './crash-run.ts';
import { type Contents, readContents } from './crash-steps.ts';

/**
 * What a store holds after whatever happened to it. Nothing is half there, and once it is collected, nothing is left of
 * what was not finished.
 */
export async function readSound({ root, layout }: CrashSubject): Promise<Contents> {
  if (!existsSync(root)) return new Map();
  await using adapter = new FilesystemStorageAdapter({ root, layout });
  const contents = await readContents(adapter);
  expect(await Array.fromAsync(adapter.maintenance?.checkRecords() ?? [])).toEqual([]);
  expect((await adapter.maintenance?.collectLeftovers())?.kept).toEqual([]);
  if (layout === 'plain') expect(await filesIn(root)).toHaveLength(contents.size);
  else expect((await filesIn(join(root, 'data'))).length).toBeLessThanOrEqual(contents.size);
  if (layout === 'store') expect(await filesIn(join(root, 'tmp'))).toEqual([]);
  expect(await readContents(adapter)).toEqual(contents);
  return contents;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
