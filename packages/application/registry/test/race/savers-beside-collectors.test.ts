import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentPrefix } from '@holdfast/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Services, openServices } from './open-services.ts';

/** `HOLDFAST_TEST_LONG=true` goes on for long enough to meet rare interleavings. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const saverCount = 6;
const rounds = isLong ? 300 : 15;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-race-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function run(script: string, parameters: readonly string[]): Promise<string> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', path, folder, ...parameters], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) =>
      resolve(exitCode === 0 ? '' : `${script} ended with ${exitCode}: ${errors}`),
    );
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

test(
  'eight processes that save, remove and collect the same few contents never lose one that a version needs',
  { timeout: 600_000 },
  async () => {
    const savers = Array.from({ length: saverCount }, (_, index) =>
      run('save-and-remove.ts', [`model-${index}`, String(rounds)]),
    );
    const collectors = ['standing', 'ignored'].map((leases) =>
      run('collect-repeatedly.ts', [leases, String(rounds * 2)]),
    );
    expect(await Promise.all([...savers, ...collectors])).toEqual(Array.from({ length: 8 }, () => ''));

    await using services = await openServices(folder);
    await expectEverythingThere(services);
    await Array.fromAsync(services.collection.collect({ areLeasesIgnored: true }));
    await expectEverythingThere(services);
    const objects = await Array.fromAsync(services.storage.listObjects(contentPrefix));
    const contents = objects.filter(({ contentType }) => contentType === undefined);
    expect(contents.length).toBeLessThanOrEqual(saverCount);
    expect(objects.length - contents.length).toBe(saverCount);
    expect(await Array.fromAsync(services.collection.collect())).toEqual([]);
  },
);
