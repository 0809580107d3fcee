import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, StoreConfiguration } from '@holdfast/composition';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { printSize } from '../../output/print-size.ts';

/** What interrupted or running writers have in a folder or a bucket. */
export interface Leftovers {
  readonly kind: 'temporary file' | 'open upload';
  readonly count: number;
  readonly sizeBytes: number;
}

export interface FindLeftoversOptions {
  readonly name: string;
  readonly store: StoreConfiguration;
  readonly signal: AbortSignal;
}

/** Looks for temporary files of a store in a folder, and for uploads that are open in a bucket. */
export async function findLeftovers(
  app: App,
  { name, store, signal }: FindLeftoversOptions,
): Promise<Leftovers | undefined> {
  const isLocal = store.backend === 'local_filesystem';
  if (isLocal && store.layout !== 'plain') return leftoversIn(join(store.root, 'tmp'));
  const found = await leftoversOf(await app.adapters.createForStore(name), signal);
  return found === undefined
    ? undefined
    : { kind: isLocal || store.backend === 'database' ? 'temporary file' : 'open upload', ...found };
}

/** What only an adapter can tell. A bucket that hides its uploads from this user is well all the same. */
async function leftoversOf(
  adapter: StorageAdapter,
  signal: AbortSignal,
): Promise<Omit<Leftovers, 'kind'> | undefined> {
  const report = await adapter.maintenance
    ?.collectLeftovers({ isDryRun: true, signal })
    .catch((error: unknown) => {
      if (
        StorageError.isInstance(error, 'permission-denied') ||
        StorageError.isInstance(error, 'unsupported')
      )
        return undefined;
      throw error;
    });
  if (report === undefined) return undefined;
  const found = [...report.removed, ...report.kept];
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
  return {
    kind: 'temporary file',
    count: names.length,
    sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** Such as `2 open uploads of 30.0 MiB`. */
export function printLeftovers({ kind, count, sizeBytes }: Leftovers): string {
  return `${count} ${kind}${count === 1 ? '' : 's'} of ${printSize(sizeBytes)}`;
}
