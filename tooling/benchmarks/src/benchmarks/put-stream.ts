import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type ObjectKey, digestHex } from '@holdfast/domain';
import { fileSource } from '@holdfast/storage';
import { copyFileDurably } from '../bare/copy-file.ts';
import { readFileInBlocks } from '../bare/read-file.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { largeAmount, largeFile } from '../material/large-file.ts';
import type { SampleFile } from '../material/sample-file.ts';

/** A file on its way into a store. */
export const putStream: Benchmark = {
  name: 'put-1-gib-by-stream',
  group: BenchmarkGroup.Streams,
  work: 'durable put of 1 GiB by stream',
  quantity: 'time',
  amount: largeAmount,
  conditions: {
    atOnce: 1,
    processState: 'warm',
    fileCache: 'warm',
    synced: 'the object and its name, on all sides',
    buffer: 'two blocks of 1 MiB for reading, used again, on all sides',
  },
  target: ratioOfAtMost(1.1),
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const file = await largeFile(setting);
  const adapter = new FilesystemStorageAdapter({ root: setting.path('store') });
  return {
    ours: holdfast(adapter, file),
    peers: [copy('copying and hashing', setting.path('hashed.bin'), { file, isHashed: true })],
    limit: copy('copying', setting.path('copied.bin'), { file, isHashed: false }),
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

function holdfast(adapter: FilesystemStorageAdapter, file: SampleFile): Contender {
  const key = 'bench/large' as ObjectKey;
  return {
    name: 'Holdfast',
    run: async (turn) => {
      await turn.measure(async () => {
        const info = await adapter.put(key, await fileSource(file.path));
        check(
          info.checksum === file.digest && info.sizeBytes === file.sizeBytes,
          'the object has another digest',
        );
      });
      await checkFile((await adapter.localPath(key)) ?? '', file);
      await adapter.delete([{ key }]);
    },
  };
}

function copy(
  name: string,
  to: string,
  { file, isHashed }: { readonly file: SampleFile; readonly isHashed: boolean },
): Contender {
  return {
    name,
    run: async (turn) => {
      await turn.measure(async () => {
        const hash = createHash('sha256');
        await copyFileDurably(file.path, to, (block) => void (isHashed && hash.update(block)));
        check(!isHashed || hash.digest('hex') === digestHex(file.digest), 'the copy has another digest');
      });
      await checkFile(to, file);
      await rm(to);
    },
  };
}

/** Reads back what was written. */
async function checkFile(path: string, { digest }: SampleFile): Promise<void> {
  const hash = createHash('sha256');
  await readFileInBlocks(path, (block) => void hash.update(block));
  check(hash.digest('hex') === digestHex(digest), `${path} has other bytes`);
}
