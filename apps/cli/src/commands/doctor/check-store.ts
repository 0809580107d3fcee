import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App, StoreConfiguration } from '@holdfast/composition';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StoreClaim } from '@holdfast/registry';
import { printDuration } from '../../output/print-duration.ts';
import { printSize } from '../../output/print-size.ts';
import type { HealthCheck } from './health-check.ts';
import { measureLatency } from './measure-latency.ts';

export interface CheckStoreOptions {
  readonly name: string;
  readonly store: StoreConfiguration;
  readonly signal: AbortSignal;
}

const littleSpaceBytes = 1_073_741_824;

/** Whether a store can be reached and written to, whose it is, how fast it answers, and what room it has. */
export async function checkStore(app: App, { name, store, signal }: CheckStoreOptions): Promise<HealthCheck> {
  const subject = `store ${name}`;
  const storage = await app.storage();
  const adapter = storage.adapter(name);
  const write = await canWrite(adapter, signal);
  const { p50Ms, p95Ms } = await measureLatency(() => adapter.check({ write, signal }));
  const speed = `a ${write ? 'write' : 'look'} takes ${printDuration(p50Ms)} (p95 ${printDuration(p95Ms)})`;
  if (store.backend !== 'local_filesystem') {
    const finding = `${store.backend}: ${speed}`;
    return { subject, finding, ...(write ? { state: 'good' } : readOnlyVerdict), figures: { p50Ms, p95Ms } };
  }
  if ((await new StoreClaim(await app.registry(), storage).owner(name)) === 'foreign') {
    const advice = 'Configure the database that it belongs to, or another store.';
    return { subject, state: 'bad', finding: `${store.root}: belongs to another registry`, advice };
  }
  const freeBytes = await freeSpace(store.root);
  const leftovers =
    store.layout === 'plain'
      ? await leftoversBeside(adapter, signal)
      : await findLeftovers(join(store.root, 'tmp'));
  const isThere = await stat(store.root).then(Boolean, () => false);
  const facts = [
    ...(store.layout === 'plain' ? ['plain files, never collected'] : []),
    ...(write ? [] : ['read-only']),
    isThere ? speed : 'not there yet; the first put makes it',
    `${printSize(freeBytes)} free`,
  ];
  return {
    subject,
    finding: `${store.root}: ${[...facts, ...leftoverFact(leftovers)].join(', ')}`,
    ...(write ? verdictOf(freeBytes, leftovers) : readOnlyVerdict),
    figures: { p50Ms, p95Ms, freeBytes, leftoverCount: leftovers.count, leftoverBytes: leftovers.sizeBytes },
  };
}

const readOnlyVerdict = {
  state: 'notice',
  advice: 'It can be read and not written to: allow this user to write there, or leave it so.',
} as const;

/** A store that lets nobody write, or not this user, is whole all the same. */
async function canWrite(adapter: StorageAdapter, signal: AbortSignal): Promise<boolean> {
  try {
    await adapter.check({ write: true, signal });
    return true;
  } catch (error) {
    if (!StorageError.isInstance(error, 'permission-denied')) throw error;
    await adapter.check({ signal });
    return false;
  }
}

interface Leftovers {
  readonly count: number;
  readonly sizeBytes: number;
}

function leftoverFact({ count, sizeBytes }: Leftovers): readonly string[] {
  return count === 0
    ? []
    : [`${count} temporary ${count === 1 ? 'file' : 'files'} of ${printSize(sizeBytes)}`];
}

function verdictOf(freeBytes: number, { count }: Leftovers): Pick<HealthCheck, 'state' | 'advice'> {
  if (freeBytes === 0) return { state: 'bad', advice: 'The disk is full: make room.' };
  if (freeBytes < littleSpaceBytes) return { state: 'notice', advice: 'There is little room left.' };
  if (count === 0) return { state: 'good' };
  return {
    state: 'notice',
    advice: 'Temporary files belong to a put that runs now, or to one that was killed.',
  };
}

/** In a plain store temporary files lie beside what they become. */
async function leftoversBeside(adapter: StorageAdapter, signal: AbortSignal): Promise<Leftovers> {
  const report = await adapter.maintenance?.collectLeftovers({ isDryRun: true, signal });
  const found = [...(report?.removed ?? []), ...(report?.kept ?? [])];
  return { count: found.length, sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

async function findLeftovers(folder: string): Promise<Leftovers> {
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

/** Of the file system that holds the folder, or will hold it. */
async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    return freeSpace(dirname(folder));
  }
}
