import { stat } from 'node:fs/promises';
import type { Amount } from '../framework/amount.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import { runNode, scriptArguments } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { type Target, atMost, ratioOfAtMost } from '../framework/target.ts';
import { makeValueFile } from '../material/make-value-file.ts';
import { timedInPython } from '../material/timed-in-python.ts';
import {
  type ValueWork,
  convertTorch,
  listed,
  readFresh,
  readReused,
  sameBytes,
  writeNumpy,
} from '../values/value-work.ts';

const mebibyte = 1_048_576;

interface Row {
  readonly name: string;
  readonly work: string;
  readonly amount: { readonly full: Amount; readonly quick: Amount };
  readonly target: Target;
  /** The file: Python that writes `path` for `n` items of `size` bytes. */
  readonly make: string;
  /** The ending of the file. */
  readonly ending: string;
  readonly ours: ValueWork;
  /** The same by other means, whose figures are only told. */
  readonly told?: readonly (readonly [string, ValueWork])[];
  /** Python that does the work on `path`; its time is taken in Python, the second time. */
  readonly peer: readonly [string, string];
  /** How often the work is done in one measurement, on both sides, of which the mean counts. @default 1 */
  readonly rounds?: number;
  /** Our own second contender, in place of Python. */
  readonly peerWork?: ValueWork;
}

const conditions = {
  atOnce: 1,
  processState: 'warm',
  fileCache: 'warm',
  synced: 'nothing, on both sides',
  buffer: 'ours reads into one that is used again unless it says fresh; the peer makes its own',
} as const;

function amounts(count: number, unit: string, sizeBytes: number): Row['amount'] {
  return {
    full: { count, unit, sizeBytes },
    quick: { count, unit, sizeBytes: Math.max(8, Math.floor(sizeBytes / 16)) },
  };
}

const matProgram = `scipy.io.savemat(path, {'v%03d' % i: np.random.default_rng(i).standard_normal(size // 8) for i in range(n)}`;

/** A listing takes about a millisecond, which is next to nothing for a clock and for a compiler. */
const listingRounds = 100;

const rows: readonly Row[] = [
  {
    name: 'read-mat-5',
    work: 'a variable of 64 MiB of doubles from a MATLAB 5 file',
    amount: amounts(1, 'variables', 64 * mebibyte),
    target: ratioOfAtMost(1),
    make: `${matProgram})`,
    ending: '.mat',
    ours: readReused,
    told: [['Holdfast, fresh', readFresh]],
    peer: ['scipy.io.loadmat', 'scipy.io.loadmat(path)'],
  },
  {
    name: 'read-mat-7',
    work: 'the same from a MATLAB 7 file, compressed',
    amount: amounts(1, 'variables', 64 * mebibyte),
    target: ratioOfAtMost(1.2),
    make: `${matProgram}, do_compression=True)`,
    ending: '.mat',
    ours: readFresh,
    peer: ['scipy.io.loadmat', 'scipy.io.loadmat(path)'],
  },
  {
    name: 'list-mat',
    work: 'listing the variables of a MATLAB 5 file of 1 GiB',
    amount: amounts(100, 'variables', 10 * mebibyte),
    target: ratioOfAtMost(1),
    make: `${matProgram})`,
    ending: '.mat',
    ours: listed,
    rounds: listingRounds,
    peer: ['scipy.io.whosmat', 'scipy.io.whosmat(path)'],
  },
  {
    name: 'read-npy',
    work: 'reading a .npy file',
    amount: amounts(1, 'arrays', 256 * mebibyte),
    target: ratioOfAtMost(1.2),
    make: 'np.save(path, np.zeros(size // 8) + 1)',
    ending: '.npy',
    ours: readReused,
    told: [['Holdfast, fresh', readFresh]],
    peer: ['numpy.load', 'np.load(path)'],
  },
  {
    name: 'write-npy',
    work: 'writing one',
    amount: amounts(1, 'arrays', 256 * mebibyte),
    target: ratioOfAtMost(1.2),
    make: 'np.save(path, np.zeros(size // 8) + 1)',
    ending: '.npy',
    ours: writeNumpy,
    peer: ['numpy.save', 'np.save(path + ".out.npy", a)'],
  },
  {
    name: 'list-safetensors',
    work: 'listing the tensors of a safetensors file',
    amount: amounts(2_000, 'tensors', 1024),
    target: ratioOfAtMost(1),
    make: 'save_file({"layer.%04d.weight" % i: np.zeros(size // 4, np.float32) for i in range(n)}, path)',
    ending: '.safetensors',
    ours: listed,
    rounds: listingRounds,
    peer: [
      'safetensors (Python)',
      '[(k, f.get_slice(k).get_shape()) for f in [safe_open(path, "np")] for k in f.keys()]',
    ],
  },
  {
    name: 'read-safetensors',
    work: 'reading a tensor of one',
    amount: amounts(1, 'tensors', 100 * mebibyte),
    target: ratioOfAtMost(1.2),
    make: 'save_file({"weight": np.zeros(size // 4, np.float32) + 1}, path)',
    ending: '.safetensors',
    ours: readReused,
    told: [['Holdfast, fresh', readFresh]],
    peer: ['safetensors (Python)', 'safe_open(path, "np").get_tensor("weight")'],
  },
];

/** Values in and out beside the libraries that define the formats. */
export const valueBenchmarks: readonly Benchmark[] = [
  ...rows.map((row): Benchmark => ({
    name: row.name,
    group: BenchmarkGroup.Values,
    work: row.work,
    quantity: 'time',
    amount: row.amount,
    conditions,
    target: row.target,
    prepare: (setting) => prepare(row, setting),
  })),
  {
    name: 'list-mat-memory',
    group: BenchmarkGroup.Values,
    work: 'memory above idle of listing the variables of a MATLAB 5 file of 1 GiB',
    quantity: 'memory',
    amount: amounts(100, 'variables', 10 * mebibyte),
    conditions: { ...conditions, processState: 'fresh' },
    target: atMost(32 * mebibyte),
    prepare: prepareMemory,
  },
  {
    name: 'torch-to-safetensors',
    group: BenchmarkGroup.Values,
    work: 'a .pt file to safetensors, against reading and writing its bytes',
    quantity: 'time',
    amount: amounts(8, 'tensors', 25 * mebibyte),
    conditions: { ...conditions, buffer: 'pieces of 1 MiB on both sides' },
    target: ratioOfAtMost(1.5),
    prepare: prepareConversion,
  },
];

async function prepare(row: Row, setting: Setting): Promise<Contest> {
  const path = setting.path(`values${row.ending}`);
  const { count, sizeBytes = 0 } = setting.amount;
  setting.say('writing the file');
  await makeValueFile(row.make, { path, count, sizeBytes });
  const [name, program] = row.peer;
  const { rounds = 1 } = row;
  return {
    ours: inProcess('Holdfast', row.ours, { path, rounds }),
    peers: [
      { name, run: async (turn) => turn.record(await timedInPython(program, { path, rounds })) },
      ...(row.told ?? []).map(([told, work]) => ({
        ...inProcess(told, work, { path, rounds }),
        isTold: true,
      })),
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function prepareMemory(setting: Setting): Promise<Contest> {
  const path = setting.path('values.mat');
  const { count, sizeBytes = 0 } = setting.amount;
  await makeValueFile(`${matProgram})`, { path, count, sizeBytes });
  const run: Contender['run'] = async (turn) => {
    const { stdout } = await runNode(scriptArguments('list-values.ts', [path]));
    turn.record(Number(stdout));
  };
  return { ours: { name: 'Holdfast', run }, peers: [], [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function prepareConversion(setting: Setting): Promise<Contest> {
  const path = setting.path('model.pt');
  const { count, sizeBytes = 0 } = setting.amount;
  await runNode(scriptArguments('write-torch.ts', [path, String(count), String(sizeBytes)]));
  await stat(path);
  return {
    ours: inProcess('Holdfast', convertTorch, { path, rounds: 1 }),
    peers: [inProcess('reading and writing', sameBytes, { path, rounds: 1 })],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Done twice and timed the second time, as in Python: the turn of another process leaves nothing warm. */
function inProcess(
  name: string,
  work: ValueWork,
  { path, rounds }: { readonly path: string; readonly rounds: number },
): Contender {
  return {
    name,
    run: async (turn) => {
      await using prepared = await work(path);
      for (let round = 0; round < rounds; round++) await prepared.run();
      const begin = performance.now();
      for (let round = 0; round < rounds; round++) await prepared.run();
      turn.record((performance.now() - begin) / rounds);
    },
  };
}
