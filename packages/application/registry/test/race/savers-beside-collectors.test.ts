import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { recordFact } from '@holdfast/tooling-reliability';
import { postgres } from '@holdfast/tooling-services';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { expectOnlyNeeded } from '../support/expect-only-needed.ts';
import { type Services, openServices, registryVariables } from './open-services.ts';

/** `HOLDFAST_TEST_LONG=true` goes on for long enough to meet rare interleavings. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const saverCount = 6;
const rounds = isLong ? 300 : 15;
const server = await postgres.open();
const places: readonly (readonly [string, string | undefined])[] = [
  ['SQLite', undefined],
  ...(server === undefined ? [] : [['PostgreSQL', server.address] as const]),
];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-race-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

afterAll(async () => server?.[Symbol.asyncDispose]());

/** @returns how many operations it has done. */
function run(script: string, parameters: readonly string[]): Promise<number> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', path, folder, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stdout);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve(said.then(Number));
      else reject(new Error(`${script} ended with ${exitCode}: ${errors}`));
    });
  });
}

async function expectEverythingThere(services: Services): Promise<void> {
  for await (const object of services.verification.verify())
    expect(object).toMatchObject({ state: 'intact' });
  const { items } = await services.models.listModels();
  expect(items).toHaveLength(saverCount);
  for (const { model, versionCount } of items) {
    expect(versionCount).toBe(1);
    const version = await services.models.findVersion(model.name);
    expect((await services.persistence.load(version)).byteLength).toBe(version.totalSizeBytes);
  }
}

test.each(places)(
  'eight processes that save, remove and collect the same few contents never lose one that a version needs: registry in %s',
  { timeout: isLong ? 3_600_000 : 600_000 },
  async (name, url) => {
    if (url !== undefined) {
      vi.stubEnv(registryVariables.url, url);
      vi.stubEnv(registryVariables.schema, `race_${process.pid}`);
    }
    const savers = Array.from({ length: saverCount }, (_, index) =>
      run('save-and-remove.ts', [`model-${index}`, String(rounds)]),
    );
    const collectors = ['standing', 'ignored'].map((leases) =>
      run('collect-repeatedly.ts', [leases, String(rounds * 2)]),
    );
    const outcomes = await Promise.allSettled([...savers, ...collectors]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const count = outcomes.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
    expect(count).toBeGreaterThanOrEqual(saverCount * rounds * 2);

    await using services = await openServices(folder);
    await expectEverythingThere(services);
    await Array.fromAsync(services.collection.collect({ areLeasesIgnored: true }));
    await expectEverythingThere(services);
    await expectOnlyNeeded(services, folder);
    expect(await Array.fromAsync(services.collection.collect())).toEqual([]);
    const measure = 'operations of eight processes at once';
    recordFact({
      subject: 'registry',
      measure,
      detail: `save, load, remove, collect; ${name}`,
      count,
      isLong,
    });
  },
);
