import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { walkTree, walkTreeBlocking } from '../bare/walk-tree.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { entryBody, fillFolder, fillStore } from '../material/filled-store.ts';

const concurrency = 16;

/** Everything that a store holds, with what it knows of each object. */
export const listObjects: Benchmark = {
  name: 'list-1m-objects',
  group: BenchmarkGroup.ManyObjects,
  work: 'list of 1,000,000 objects with their records',
  quantity: 'time',
  amount: { full: { count: 1_000_000, unit: 'objects' }, quick: { count: 100_000, unit: 'objects' } },
  conditions: {
    atOnce: 1,
    processState: 'warm',
    fileCache: 'warm',
    synced: 'nothing is written',
    buffer: `fresh objects; the peer asks for ${concurrency} files at once, the limit blocks the process with each call`,
  },
  target: ratioOfAtMost(0.25),
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const { amount, shared, say } = setting;
  const store = await shared.find(`store-of-${amount.count}`, async (folder) => {
    say('filling the store');
    await fillStore(folder, amount.count);
    return folder;
  });
  say('making as many files');
  const tree = setting.path('tree');
  await fillFolder(tree, amount.count);
  const adapter = new FilesystemStorageAdapter({ root: store });
  const expected = { files: amount.count, sizeBytes: amount.count * entryBody.byteLength };
  return {
    ours: holdfast(adapter, expected),
    peers: [walk('walking a tree', () => walkTree(tree, concurrency), expected)],
    limit: walk('walking with blocking calls', () => Promise.resolve(walkTreeBlocking(tree)), expected),
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

interface Expected {
  readonly files: number;
  readonly sizeBytes: number;
}

function holdfast(adapter: FilesystemStorageAdapter, expected: Expected): Contender {
  return {
    name: 'Holdfast',
    run: async (turn) => {
      let [files, sizeBytes, last, isSorted] = [0, 0, '', true];
      await turn.measure(async () => {
        for await (const page of adapter.list()) {
          for (const info of page.objects) {
            files++;
            sizeBytes += info.sizeBytes;
            isSorted &&= last < info.key;
            last = info.key;
          }
        }
      });
      check(
        files === expected.files && sizeBytes === expected.sizeBytes && isSorted,
        'the listing is not whole',
      );
    },
  };
}

function walk(name: string, work: () => Promise<Expected>, expected: Expected): Contender {
  return {
    name,
    run: async (turn) => {
      let found: Expected | undefined;
      await turn.measure(async () => {
        found = await work();
      });
      check(
        found?.files === expected.files && found.sizeBytes === expected.sizeBytes,
        'the walk is not whole',
      );
    },
  };
}
