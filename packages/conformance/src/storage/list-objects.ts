import { compareKeys } from '@holdfast/domain';
import type { ListOptions, ListPage, ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';

/** Every page of a listing, none with more entries than asked for. */
export async function listPages(
  adapter: StorageAdapter,
  options: ListOptions = {},
): Promise<readonly ListPage[]> {
  const pages: ListPage[] = [];
  for await (const page of adapter.list(options)) {
    expect(page.objects.length + page.prefixes.length, 'entries on a page').toBeLessThanOrEqual(
      options.pageSize ?? 1_000,
    );
    pages.push(page);
  }
  return pages;
}

/** Every object of a listing, in its order. */
export async function listObjects(
  adapter: StorageAdapter,
  options: ListOptions = {},
): Promise<readonly ObjectInfo[]> {
  return (await listPages(adapter, options)).flatMap((page) => page.objects);
}

/** The keys of a listing in the order of their bytes, whatever the backend's order. */
export async function listKeys(
  adapter: StorageAdapter,
  options: ListOptions = {},
): Promise<readonly string[]> {
  return sortKeys((await listObjects(adapter, options)).map((info) => info.key));
}

/** Keys in the order of their UTF-8 bytes. */
export function sortKeys(keys: readonly string[]): string[] {
  return keys.toSorted(compareKeys);
}
