import { rm } from 'node:fs/promises';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import { runNode, scriptArguments } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { atMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { largeAmount, largeFile } from '../material/large-file.ts';
import type { SampleFile } from '../material/sample-file.ts';

const mebibyte = 1_048_576;

/** What a script of `processes` prints that writes a large file. */
export interface WriteReport {
  /** The most memory that the process ever held, less what it held before it began to write. */
  readonly peakAboveIdleBytes: number;
  readonly digest: string;
}

/** How much memory a stream costs, whatever its length. */
export const putStreamMemory: Benchmark = {
  name: 'put-1-gib-memory',
  group: BenchmarkGroup.Streams,
  work: 'memory above idle during it',
  quantity: 'memory',
  amount: largeAmount,
  conditions: {
    atOnce: 1,
    processState: 'fresh',
    fileCache: 'warm',
    synced: 'the object and its name, on both sides',
    buffer: 'resident memory at its peak, less that of the same process with an open store before the put',
  },
  target: atMost(64 * mebibyte),
  prepare,
};

async function prepare(setting: Setting): Promise<Contest> {
  const file = await largeFile(setting);
  return {
    ours: process('Holdfast', 'put-file.ts', { file, to: setting.path('store') }),
    peers: [],
    limit: process('copying and hashing', 'copy-file.ts', { file, to: setting.path('copy.bin') }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function process(
  name: string,
  script: string,
  { file, to }: { readonly file: SampleFile; readonly to: string },
): Contender {
  return {
    name,
    run: async (turn) => {
      const { stdout } = await runNode(scriptArguments(script, [file.path, to]));
      const { peakAboveIdleBytes, digest } = JSON.parse(stdout) as WriteReport;
      check(digest === file.digest, `${script} wrote other bytes`);
      turn.record(peakAboveIdleBytes);
      await rm(to, { recursive: true });
    },
  };
}
