import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import type { TransactionOperation } from '@holdfast/ports';

const entriesPerFolder = 1_000;

/** The names of many entries: folders of a thousand each. */
function* nestedNames(count: number): Iterable<string> {
  for (let number = 0; number < count; number++) {
    const folder = Math.floor(number / entriesPerFolder);
    yield `folder-${String(folder).padStart(5, '0')}/entry-${String(number % entriesPerFolder).padStart(4, '0')}`;
  }
}

/** What lies in every entry. */
export const entryBody: Buffer = Buffer.from('entry\n');

/** Fills a store with objects, a thousand a transaction. */
export async function fillStore(root: string, count: number): Promise<void> {
  await using adapter = new FilesystemStorageAdapter({ root, durability: 'none' });
  let operations: TransactionOperation[] = [];
  for (const name of nestedNames(count)) {
    operations.push({ kind: 'put', key: name as ObjectKey, body: entryBody });
    if (operations.length < entriesPerFolder) continue;
    await adapter.transaction(operations);
    operations = [];
  }
  if (operations.length > 0) await adapter.transaction(operations);
}

/** Fills a folder with as many files, under the same names. */
export async function fillFolder(root: string, count: number): Promise<void> {
  await mkdir(root, { recursive: true });
  let number = 0;
  for (const name of nestedNames(count)) {
    if (number++ % entriesPerFolder === 0) await mkdir(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), entryBody);
  }
}
