import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { type Digest, versionOwner } from '@holdfast/domain';
import { VerificationService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';

const count = 200_000;

/** Far less than as many locations take, let alone with their digests. */
const mostGrowthBytes = 24 * 1_048_576;

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('memory does not grow with the number of objects', async () => {
  await using folder = await TemporaryFolder.make();
  const path = folder.join('registry.db');
  await using registry = await SqlRegistryStore.open({ url: `sqlite:${path}` });
  const { archive } = registry.repositories;
  for (let start = 1; start <= count; start += 5_000) {
    const digests = Array.from(
      { length: Math.min(5_000, count - start + 1) },
      (_, index) => `sha256:${(start + index).toString(16).padStart(64, '0')}` as Digest,
    );
    await archive.insert([
      { kind: 'references', owner: versionOwner('version'), digests },
      ...digests.map((digest) => ({
        kind: 'location' as const,
        location: {
          digest,
          storeName: 'main',
          key: `objects/${digest.slice(7)}`,
          sizeBytes: 1_024,
          verifiedAt: '2026-01-01T00:00:00.000Z',
          state: 'verified' as const,
        },
      })),
    ]);
  }
  await using real = new StorageService({ adapters: { main: new MemoryStorageAdapter() } });
  const storage = overriding(real, { verify: () => Promise.resolve() });
  const service = new VerificationService({ registry, storage });
  const before = usedBytes();
  let [seen, peak] = [0, 0];
  for await (const _object of service.verify({ journalPath: folder.join('journal') })) {
    if (++seen % 20_000 === 0) peak = Math.max(peak, usedBytes() - before);
  }
  expect(seen).toBe(count);
  expect(peak).toBeLessThan(mostGrowthBytes);
}, 180_000);
