import { stat } from 'node:fs/promises';
import type { App, Configuration } from '@holdfast/composition';
import { printDuration } from '../../output/print-duration.ts';
import { printSize } from '../../output/print-size.ts';
import type { HealthCheck } from './health-check.ts';
import { measureLatency } from './measure-latency.ts';

/** Whether the database can be reached and is of this program's version. */
export async function checkDatabase(
  app: App,
  database: Configuration['database'],
  signal: AbortSignal,
): Promise<HealthCheck> {
  const { pendingMigrations } = await import('@holdfast/composition');
  const sizeBytes = await fileSize(database.url);
  if (sizeBytes === undefined && database.url.startsWith('sqlite:/')) {
    return notThereYet(database);
  }
  const { steps, fromVersion, toVersion } = await pendingMigrations(database, { signal });
  if (fromVersion === 0 && database.url.startsWith('postgres')) return notThereYet(database);
  if (steps.length > 0) {
    const finding = `${database.url}: ${steps.length} steps behind version ${toVersion}`;
    return {
      subject: 'database',
      state: 'notice',
      finding,
      advice: 'Run holdfast migrate; other commands do so by themselves.',
    };
  }
  const { models } = (await app.registry()).repositories;
  const { p50Ms, p95Ms } = await measureLatency(() => models.count());
  const size = sizeBytes === undefined ? '' : `, ${printSize(sizeBytes)}`;
  return {
    subject: 'database',
    state: 'good',
    finding: `${database.url}: version ${toVersion}${size}, a query takes ${printDuration(p50Ms)} (p95 ${printDuration(p95Ms)})`,
    figures: { version: toVersion, p50Ms, p95Ms, ...(sizeBytes === undefined ? {} : { sizeBytes }) },
  };
}

function notThereYet({ url }: Configuration['database']): HealthCheck {
  return {
    subject: 'database',
    state: 'good',
    finding: `${url}: does not exist yet; the first put creates it`,
  };
}

async function fileSize(url: string): Promise<number | undefined> {
  const path = /^sqlite:(\/.*)$/.exec(url)?.[1];
  if (path === undefined) return undefined;
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
