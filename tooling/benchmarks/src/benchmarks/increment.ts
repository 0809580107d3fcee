import { rm } from 'node:fs/promises';
import { appendDurably } from '../bare/append-durably.ts';
import { countInProcesses } from '../counters/count-in-processes.ts';
import { type Benchmark, BenchmarkGroup, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { sampleBytes } from '../material/sample-bytes.ts';

const processes = 8;
const databasePageBytes = 4_096;

/** Several processes count in one object, each by replacing the state that it has read. */
export const increment: Benchmark = {
  name: 'increment-by-8-processes',
  group: BenchmarkGroup.Contention,
  work: 'increments of one key by ifMatch, 8 processes, none lost',
  quantity: 'time',
  amount: { full: { count: 1_600, unit: 'increments' }, quick: { count: 160, unit: 'increments' } },
  conditions: {
    atOnce: processes,
    processState: 'warm',
    fileCache: 'warm',
    synced: 'each increment, as each append of the limit',
    buffer: "the caller's",
  },
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const { count } = setting.amount;
  const log = setting.path('appended');
  return {
    ours: countInProcesses(
      'Holdfast',
      { backend: 'filesystem', root: setting.path('store') },
      { count, processes },
    ),
    peers: [],
    limit: {
      name: 'appending 4 KiB, one after another',
      run: async (turn) => {
        const pages = Array.from({ length: count }, (_, number) => sampleBytes(databasePageBytes, number));
        await turn.measure(() => appendDurably(log, pages, { groupSize: 1 }));
        await rm(log);
      },
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
