import { hash } from 'node:crypto';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import {
  type ModelStorageInfo,
  type ObjectKey,
  type RegistryStore,
  digestHex,
  utcTimestamp,
} from '@holdfast/domain';
import { VerificationService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { readFilesWhole } from '../bare/read-file.ts';
import { atOnce } from '../framework/at-once.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { makeShards } from '../material/make-shards.ts';
import { sampleBytes } from '../material/sample-bytes.ts';

const mebibyte = 1_048_576;

/** Everything that a registry relies on, read and hashed again. */
export const verifyObjects: Benchmark = {
  name: 'verify-10-gib',
  group: BenchmarkGroup.ManyObjects,
  work: 'verify of 10 GiB in objects of 1 MiB',
  quantity: 'time',
  amount: {
    full: { count: 10_240, unit: 'objects', sizeBytes: mebibyte },
    quick: { count: 1_024, unit: 'objects', sizeBytes: mebibyte },
  },
  conditions: {
    atOnce: 1,
    processState: 'warm',
    fileCache: 'warm',
    synced: 'what was found of each object, by us alone',
    buffer: 'ours; the peer and the limit read into two buffers of 1 MiB',
  },
  target: ratioOfAtMost(1.15),
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const adapter = new FilesystemStorageAdapter({ root: setting.path('store'), durability: 'none' });
  const storage = new StorageService({ adapters: { default: adapter } });
  const registry = await SqlRegistryStore.open({ url: `sqlite:${setting.path('registry.db')}` });
  setting.say('saving the objects');
  await makeShards(adapter);
  const saved = await saveObjects(storage, setting);
  await register(registry, saved);
  const paths = await Promise.all(
    saved.map(({ storagePath }) => adapter.localPath(storagePath as ObjectKey)),
  );
  const files = {
    paths: paths.filter((path) => path !== undefined),
    digests: saved.map(({ checksum }) => digestHex(checksum)),
  };
  return {
    ours: holdfast(new VerificationService({ registry, storage }), saved.length),
    peers: [read('reading and hashing', files, true)],
    limit: read('reading', files, false),
    [Symbol.asyncDispose]: async () => {
      await storage[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

async function saveObjects(
  storage: StorageService,
  { amount }: Setting,
): Promise<readonly ModelStorageInfo[]> {
  const { count, sizeBytes = 0 } = amount;
  const saved: ModelStorageInfo[] = [];
  await atOnce(count, 16, async (number) => {
    saved[number] = await storage.save(sampleBytes(sizeBytes, number), { format: 'binary' });
  });
  return saved;
}

async function register(registry: RegistryStore, saved: readonly ModelStorageInfo[]): Promise<void> {
  const verifiedAt = utcTimestamp(Date.now());
  await registry.unitOfWork(async ({ objects }) => {
    for (const { checksum: digest, storagePath: key, sizeBytes } of saved) {
      await objects.putLocation({
        digest,
        storeName: 'default',
        key,
        sizeBytes,
        verifiedAt,
        state: 'verified',
      });
    }
  });
}

function holdfast(verification: VerificationService, count: number): Contender {
  return {
    name: 'Holdfast',
    run: async (turn) => {
      let intact = 0;
      await turn.measure(async () => {
        for await (const { state } of verification.verify()) if (state === 'intact') intact++;
      });
      check(intact === count, `${intact} of ${count} objects were found intact`);
    },
  };
}

interface Files {
  readonly paths: readonly string[];
  readonly digests: readonly string[];
}

/** The store's own files: the same bytes in the same places. */
function read(name: string, { paths, digests }: Files, isHashed: boolean): Contender {
  return {
    name,
    run: async (turn) => {
      let right = 0;
      await turn.measure(() =>
        readFilesWhole(paths, mebibyte, (bytes, number) => {
          if (!isHashed || hash('sha256', bytes, 'hex') === digests[number]) right++;
        }),
      );
      check(right === digests.length, `${right} of ${digests.length} files were right`);
    },
  };
}
