import { createHash } from 'node:crypto';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type ModelStorageInfo, digestHex } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { StorageService, fileSource } from '@holdfast/storage';
import { readFileInBlocks } from '../bare/read-file.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { largeAmount, largeFile } from '../material/large-file.ts';
import type { SampleFile } from '../material/sample-file.ts';

/** An object on its way out of a store, its digest checked. */
export const getVerified: Benchmark = {
  name: 'get-1-gib-verified',
  group: BenchmarkGroup.Streams,
  work: 'verified get of 1 GiB',
  quantity: 'time',
  amount: largeAmount,
  conditions: {
    atOnce: 1,
    processState: 'warm',
    fileCache: 'warm',
    synced: 'nothing is written',
    buffer: 'two blocks of 1 MiB, used again, on all sides',
  },
  target: ratioOfAtMost(1.1),
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const file = await largeFile(setting);
  const adapters = {
    default: new FilesystemStorageAdapter({ root: setting.path('store'), durability: 'none' }),
  };
  const service = new StorageService({ adapters });
  const info = await service.save(await fileSource(file.path), { format: 'binary' });
  await checkThatDamageIsFound(service, info);
  return {
    ours: holdfast(service, info),
    peers: [read('reading and hashing', file, true)],
    limit: read('reading', file, false),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function holdfast(service: StorageService, info: ModelStorageInfo): Contender {
  return {
    name: 'Holdfast',
    run: async (turn) => {
      let sizeBytes = 0;
      await turn.measure(async () => {
        for await (const chunk of service.read(info)) sizeBytes += chunk.byteLength;
      });
      check(sizeBytes === info.sizeBytes, 'the object has another size');
    },
  };
}

function read(name: string, file: SampleFile, isHashed: boolean): Contender {
  return {
    name,
    run: async (turn) => {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      await turn.measure(async () => {
        await readFileInBlocks(file.path, (block) => {
          sizeBytes += block.byteLength;
          if (isHashed) hash.update(block);
        });
      });
      check(sizeBytes === file.sizeBytes, 'the file has another size');
      check(!isHashed || hash.digest('hex') === digestHex(file.digest), 'the file has another digest');
    },
  };
}

/** A reader that only claims to hash would be the fastest. */
async function checkThatDamageIsFound(service: StorageService, info: ModelStorageInfo): Promise<void> {
  const digest = createHash('sha256').digest('hex');
  const found = await service
    .verify(info.with({ checksum: `sha256:${digest}` }))
    .catch((error: unknown) => error);
  check(StorageError.isInstance(found, 'checksum-mismatch'), 'another digest was not noticed');
}
