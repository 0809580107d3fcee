import { type Benchmark, BenchmarkGroup, type Contest } from '../framework/benchmark.ts';
import { runNode, scriptArguments } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { atMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { addGarbage, addNeeded, openStore } from '../material/collectable-store.ts';

const mebibyte = 1_048_576;
const shareOfGarbage = 0.01;

/** What the script that collects prints. */
export interface CollectReport {
  readonly milliseconds: number;
  /** The most memory that the process ever held, all of it. */
  readonly peakBytes: number;
  readonly removed: number;
}

const declaration = {
  group: BenchmarkGroup.ManyObjects,
  amount: { full: { count: 1_000_000, unit: 'objects' }, quick: { count: 50_000, unit: 'objects' } },
} as const;

const conditions = { atOnce: 1, processState: 'fresh', fileCache: 'warm' } as const;

/** Finding what no version needs, and deleting it. */
export const collectObjects: Benchmark = {
  ...declaration,
  name: 'collect-1m-objects',
  work: 'collect of 1,000,000 objects, 1 % of them garbage',
  quantity: 'time',
  conditions: { ...conditions, synced: 'the registry; the store is not', buffer: 'ours' },
  prepare: (setting) => prepare(setting, ({ milliseconds }) => milliseconds),
};

/** How much memory collecting takes, whatever the store holds. */
export const collectMemory: Benchmark = {
  ...declaration,
  name: 'collect-1m-memory',
  work: 'memory of the process during it',
  quantity: 'memory',
  conditions: {
    ...conditions,
    synced: 'the registry; the store is not',
    buffer: 'all resident memory, at its peak',
  },
  target: atMost(256 * mebibyte),
  prepare: (setting) => prepare(setting, ({ peakBytes }) => peakBytes),
};

async function prepare(setting: Setting, figureIn: (report: CollectReport) => number): Promise<Contest> {
  const { amount, shared, say } = setting;
  const garbage = amount.count * shareOfGarbage;
  const folder = await shared.find(`collectable-${amount.count}`, async (path) => {
    say('filling a store and its registry');
    await using store = await openStore(path);
    await addNeeded(store, amount.count - garbage);
    return path;
  });
  return {
    ours: {
      name: 'Holdfast',
      run: async (turn) => {
        await withGarbage(folder, garbage);
        const { stdout } = await runNode(scriptArguments('collect.ts', [folder]));
        const report = JSON.parse(stdout) as CollectReport;
        check(report.removed === garbage, `${report.removed} of ${garbage} objects were removed`);
        turn.record(figureIn(report));
      },
    },
    peers: [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function withGarbage(folder: string, count: number): Promise<void> {
  await using store = await openStore(folder);
  await addGarbage(store, count);
}
