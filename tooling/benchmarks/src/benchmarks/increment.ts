import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { appendDurably } from '../bare/append-durably.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import { scriptArguments, startNode } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { check } from '../material/check.ts';
import { gather } from '../material/gather.ts';
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
    ours: holdfast(setting.path('store'), count),
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

function holdfast(root: string, count: number): Contender {
  return {
    name: 'Holdfast',
    run: async (turn) => {
      const workers = Array.from({ length: processes }, () =>
        start([root, turn.label, String(count / processes)]),
      );
      await Promise.all(workers.map(untilReady));
      await turn.measure(async () => {
        for (const worker of workers) worker.send('begin');
        await Promise.all(workers.map(untilDone));
      });
      check((await countIn(root, turn.label)) === count, 'increments were lost');
    },
  };
}

function start(parameters: readonly string[]): ChildProcess {
  return startNode(scriptArguments('increment.ts', parameters), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function untilReady(worker: ChildProcess): Promise<void> {
  await Promise.race([once(worker, 'message'), untilDone(worker)]);
}

async function untilDone(worker: ChildProcess): Promise<void> {
  const [exitCode] = (await once(worker, 'close')) as [number | null];
  check(exitCode === 0, `a process ended with ${exitCode}`);
}

async function countIn(root: string, key: string): Promise<number> {
  await using adapter = new FilesystemStorageAdapter({ root });
  await using reader = await adapter.get(key as ObjectKey);
  return reader === undefined ? 0 : Number(Buffer.from(await gather(reader.body)).toString());
}
