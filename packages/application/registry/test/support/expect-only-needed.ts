import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isReservedKey, utcTimestamp, contentKey, versionOwner } from '@holdfast/domain';
import { expect } from 'vitest';
import { parseHeading } from '../../src/fence/manifest-documents.ts';
import type { Services } from '../race/open-services.ts';

/** The store keeps bodies up to this size in its index. */
const longestInlineBytes = 16_384;

/** Nothing is in the store and in the registry but what versions need: no object, file, location, lease or condemnation. */
export async function expectOnlyNeeded(
  { registry, storage, collection }: Services,
  folder: string,
): Promise<void> {
  const { objects, versions, archive } = registry.repositories;
  const needed = new Set<string>();
  for (const { id } of (await versions.findAll()).items)
    for (const digest of await objects.findReferences(versionOwner(id))) needed.add(contentKey(digest));
  const stored = await Array.fromAsync(storage.listObjects());
  const keys = stored.map(({ key }) => key as string).filter((key) => !isReservedKey(key));
  expect(keys.toSorted()).toEqual([...needed].toSorted());
  const { items } = await objects.listLocations();
  expect(items.map(({ key }) => key).toSorted()).toEqual([...needed].toSorted());
  expect(await objects.listCondemned()).toEqual([]);
  const named: string[] = [];
  for await (const { key } of storage.listObjects('versions/')) {
    await using reader = await storage.adapter().get(key);
    const chunks = await Array.fromAsync(reader?.body ?? [], (chunk) => Buffer.from(chunk));
    const { kind, versionId } = parseHeading(Buffer.concat(chunks).toString());
    if (kind === 'manifest') named.push(versionId);
  }
  expect(named.toSorted()).toEqual((await versions.findAll()).items.map(({ id }) => id).toSorted());
  expect(await objects.deleteLapsedLeases(utcTimestamp(Date.UTC(9_999, 0)))).toBe(0);
  const references = (await archive.list('references')).items;
  const versionIds = new Set((await versions.findAll()).items.map(({ id }) => id));
  expect(references.filter((one) => one.kind === 'references' && !versionIds.has(one.owner.id))).toEqual([]);
  expect(await listIfThere(join(folder, 'store', 'tmp'))).toEqual([]);
  const files = (await listIfThere(join(folder, 'store', 'data'))).filter((name) => name.includes('/'));
  expect(files).toHaveLength(stored.filter(({ sizeBytes }) => sizeBytes > longestInlineBytes).length);
  // A killed deletion is taken out of the claims after an hour, or when the user says that no other command deletes.
  await Array.fromAsync(collection.collect({ isAlone: true }));
  expect(await registry.repositories.fence.listDeletions()).toEqual([]);
}

async function listIfThere(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? readdir(folder, { recursive: true }) : [];
}
