import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, StoreConfiguration } from '@holdfast/composition';
import type { StorageAdapter } from '@holdfast/ports';

/** What interrupted or running writers have in a folder. */
export interface Leftovers {
  readonly count: number;
  readonly sizeBytes: number;
}

export interface FindLeftoversOptions {
  readonly name: string;
  readonly store: Extract<StoreConfiguration, { readonly backend: 'local_filesystem' }>;
  readonly signal: AbortSignal;
}

/** Looks for temporary files of a store in a folder. */
export async function findLeftovers(
  app: App,
  { name, store, signal }: FindLeftoversOptions,
): Promise<Leftovers> {
  return store.layout === 'plain'
    ? leftoversBeside(await app.adapters.createForStore(name), signal)
    : leftoversIn(join(store.root, 'tmp'));
}

/** In a plain store temporary files lie beside what they become. */
async function leftoversBeside(adapter: StorageAdapter, signal: AbortSignal): Promise<Leftovers> {
  const report = await adapter.maintenance?.collectLeftovers({ isDryRun: true, signal });
  const found = [...(report?.removed ?? []), ...(report?.kept ?? [])];
  return { count: found.length, sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

async function leftoversIn(folder: string): Promise<Leftovers> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { count: names.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
