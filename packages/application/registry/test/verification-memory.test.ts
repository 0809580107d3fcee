import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { VerificationService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

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
  const database = new DatabaseSync(path);
  database.exec(`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
    insert into object_locations select printf('sha256:%064x', n), 'main', printf('objects/%064x', n), 1024,
      '2026-01-01T00:00:00.000Z', 'verified' from numbers;
    insert into object_references select 'version', digest from object_locations;
  `);
  database.close();
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
