import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { claimKey } from '@holdfast/registry';
import { contentKey } from '@holdfast/storage';
import { expect } from 'vitest';
import type { Services } from '../race/open-services.ts';

/** The store keeps bodies up to this size in its index. */
const longestInlineBytes = 16_384;

/** Nothing is in the store and in the registry but what versions need: no object, file, location, lease or condemnation. */
export async function expectOnlyNeeded({ registry, storage }: Services, folder: string): Promise<void> {
  const { objects, versions } = registry.repositories;
  const needed = new Set<string>();
  for (const { id } of (await versions.findAll()).items)
    for (const digest of await objects.findReferences(id)) needed.add(contentKey(digest));
  const stored = await Array.fromAsync(storage.listObjects());
  const keys = stored.map(({ key }) => key as string).filter((key) => key !== claimKey);
  expect(keys.toSorted()).toEqual([...needed].toSorted());
  const { items } = await objects.listLocations();
  expect(items.map(({ key }) => key).toSorted()).toEqual([...needed].toSorted());
  expect(await objects.listCondemned()).toEqual([]);
  expect(rowsOf(folder, 'select * from leases')).toEqual([]);
  expect(
    rowsOf(folder, 'select * from object_references where version_id not in (select id from model_versions)'),
  ).toEqual([]);
  expect(await listIfThere(join(folder, 'store', 'tmp'))).toEqual([]);
  const files = (await listIfThere(join(folder, 'store', 'data'))).filter((name) => name.includes('/'));
  expect(files).toHaveLength(stored.filter(({ sizeBytes }) => sizeBytes > longestInlineBytes).length);
}

function rowsOf(folder: string, sql: string): unknown {
  const database = new DatabaseSync(join(folder, 'registry.db'), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

async function listIfThere(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? readdir(folder, { recursive: true }) : [];
}
