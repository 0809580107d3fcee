import { Hdf5File } from '@holdfast/adapter-hdf5';
import { type Hdf5Dataset, readHdf5 } from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { FileRangeSource } from '@holdfast/storage';
import {
  type Benchmark,
  BenchmarkGroup,
  type Contender,
  type Contest,
  type Quantity,
} from '../framework/benchmark.ts';
import { runNode, scriptArguments } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { atMost, ratioOfAtMost, type Target } from '../framework/target.ts';
import { type Hdf5FileLayout, hdf5File, hdf5Layouts, rowLength, timedInH5py } from '../hdf5/hdf5-files.ts';
import {
  type Hdf5Reading,
  readBatches,
  readFresh,
  readScatteredBatches,
  readSingleRows,
  readWhole,
  timeLimit,
  timeOurs,
} from '../hdf5/hdf5-reading.ts';
import { readArray, writeInH5py, writeLimit, writeOurs } from '../hdf5/hdf5-writing.ts';
import { check } from '../material/check.ts';
import { inPython } from '../material/timed-in-python.ts';

type Amount = Benchmark['amount']['full'];

const mebibyte = 1_048_576;
const amount = amountOf(readWhole);
const conditions = {
  atOnce: 1,
  processState: 'warm',
  fileCache: 'warm',
  synced: 'nothing is written',
  buffer: 'one that is used again, on both sides; done twice in an open file, the second time counts',
} as const;
const contiguous = hdf5Layouts[0] as Hdf5FileLayout;
const isDone = { [Symbol.asyncDispose]: () => Promise.resolve() };

function amountOf({ count }: Hdf5Reading): Benchmark['amount'] {
  const [full, quick] = [count.full, count.quick].map((rows): Amount => ({
    count: rows,
    unit: 'rows',
    sizeBytes: 4 * rowLength,
  }));
  return { full: full as Amount, quick: quick as Amount };
}

function titleOf({ chunkRows, isCompressed }: Hdf5FileLayout): string {
  if (chunkRows === 0) return 'contiguous';
  return `${isCompressed ? 'gzip 4 + shuffle, ' : ''}chunks of ${chunkRows === 1 ? '1 row' : `${chunkRows} rows`}`;
}

function readingOf(layout: Hdf5FileLayout): readonly (readonly [Hdf5Reading, Target | undefined])[] {
  const { isCompressed, chunkRows } = layout;
  return [
    [readWhole, ratioOfAtMost(isCompressed ? 0.5 : 1)],
    [readFresh, undefined],
    [readBatches, ratioOfAtMost(1)],
    [readSingleRows(isCompressed ? 200 : 2000), ratioOfAtMost(chunkRows === 64 && !isCompressed ? 0.1 : 1)],
    [readScatteredBatches(isCompressed ? 4 : 40), ratioOfAtMost(1)],
  ];
}

const reads = hdf5Layouts.flatMap((layout) =>
  readingOf(layout).map(([reading, target]): Benchmark => ({
    name: `hdf5-read-${reading.name}-${layout.name}`,
    group: BenchmarkGroup.Hdf5,
    work: `${titleOf(layout)}: ${reading.work}`,
    quantity: 'time',
    amount: amountOf(reading),
    conditions: reading === readFresh ? { ...conditions, buffer: 'new memory on both sides' } : conditions,
    ...(target && { target }),
    prepare: (setting) => prepareReading(setting, layout, reading),
  })),
);

const nearLimit = hdf5Layouts
  .filter(({ isCompressed }) => !isCompressed)
  .map((layout): Benchmark => ({
    name: `hdf5-limit-${layout.name}`,
    group: BenchmarkGroup.Hdf5,
    work: `${titleOf(layout)}: whole, against readSync`,
    quantity: 'time',
    amount,
    conditions,
    target: ratioOfAtMost(layout === contiguous ? 1 / 0.8 : 1 / 0.5),
    prepare: async (setting) => {
      const contest = await prepareReading(setting, layout, readWhole);
      return { ours: contest.ours, peers: contest.limit === undefined ? [] : [contest.limit], ...isDone };
    },
  }));

const writes = hdf5Layouts.map((layout): Benchmark => ({
  name: `hdf5-write-${layout.name}`,
  group: BenchmarkGroup.Hdf5,
  work: `${titleOf(layout)}: writing`,
  quantity: 'time',
  amount,
  conditions: {
    ...conditions,
    synced: 'the file, on both sides; ours its folder too',
    buffer: 'the caller’s; done twice, the second time counts',
  },
  target: ratioOfAtMost(layout.isCompressed ? 0.5 : 1),
  prepare: (setting) => prepareWriting(setting, layout),
}));

/** HDF5 files beside h5py, in every layout that matters. */
export const hdf5Benchmarks: readonly Benchmark[] = [
  ...reads,
  ...nearLimit,
  ...writes,
  {
    name: 'hdf5-list',
    group: BenchmarkGroup.Hdf5,
    work: 'opening and listing datasets, with their types and shapes',
    quantity: 'time',
    amount: { full: { count: 10_000, unit: 'datasets' }, quick: { count: 1_000, unit: 'datasets' } },
    conditions: { ...conditions, buffer: 'no elements are read; done twice, the second time counts' },
    target: ratioOfAtMost(1),
    prepare: prepareListing,
  },
  bucket('cold', 'requests', atMost(8)),
  bucket('warm', 'requests', atMost(1)),
  bucket('cold', 'memory', undefined),
  {
    name: 'hdf5-memory',
    group: BenchmarkGroup.Hdf5,
    work: 'memory above idle of reading compressed rows in batches of 64: cache of 32 MiB, two threads',
    quantity: 'memory',
    amount,
    conditions: { ...conditions, processState: 'fresh' },
    target: atMost(160 * mebibyte),
    prepare: async (setting) => {
      const path = await hdf5File(setting, hdf5Layouts[4] as Hdf5FileLayout);
      const run: Contender['run'] = async (turn) =>
        turn.record(Number((await runNode(scriptArguments('read-hdf5.ts', [path]))).stdout));
      return { ours: { name: 'Holdfast', run }, peers: [], ...isDone };
    },
  },
];

async function prepareReading(
  setting: Setting,
  layout: Hdf5FileLayout,
  reading: Hdf5Reading,
): Promise<Contest> {
  const { count } = setting.amount;
  const { full, quick } = readWhole.count;
  const rows = count === reading.count.full ? full : quick;
  const path = await hdf5File(setting, { ...layout, rows });
  const plain = await hdf5File(setting, { ...contiguous, rows });
  const opened = `f = h5py.File(path, 'r'); d = f['signals']; rows = d.shape[0]; count, = parameters`;
  const limit: Contender['run'] = (turn) =>
    timeLimit(reading, { path: plain, rows, count }, (work) => turn.measure(work));
  return {
    ours: {
      name: 'Holdfast',
      run: (turn) => timeOurs(reading, { path, count }, (work) => turn.measure(work)),
    },
    peers: reading.peers.map(([name, program]) => ({
      name,
      run: async (turn) => turn.record(await timedInH5py(`${opened}\n${program}`, path, [count])),
    })),
    limit: { name: 'readSync', run: limit },
    ...isDone,
  };
}

async function prepareWriting(setting: Setting, layout: Hdf5FileLayout): Promise<Contest> {
  const path = setting.path('new.h5');
  const source = await hdf5File(setting, contiguous);
  await inPython(`import h5py; np.save(path + '.npy', h5py.File(sys.argv[2], 'r')['signals'][()])`, [
    path,
    source,
  ]);
  const data = await readArray(`${path}.npy`);
  const parameters = [layout.chunkRows, layout.isCompressed ? 1 : 0];
  const twice =
    (work: () => Promise<void>): Contender['run'] =>
    async (turn) => {
      await work();
      await turn.measure(work);
    };
  return {
    ours: { name: 'Holdfast', run: twice(() => writeOurs(path, data, layout)) },
    peers: [
      { name: 'h5py', run: async (turn) => turn.record(await timedInH5py(writeInH5py, path, parameters)) },
    ],
    limit: { name: 'writing the same bytes', run: twice(() => writeLimit(`${path}.bytes`, data)) },
    ...isDone,
  };
}

async function prepareListing(setting: Setting): Promise<Contest> {
  const path = setting.path('many.h5');
  const { count } = setting.amount;
  const make = `import h5py\nwith h5py.File(path, 'w') as f:\n    for i in range(${count}): f['group/d%05d' % i] = np.zeros(4)`;
  await inPython(make, [path]);
  const ours = async (): Promise<void> => {
    await using file = await Hdf5File.open(path);
    let datasetCount = 0;
    for await (const { object } of file.entries())
      if (object?.kind === 'dataset' && object.shape[0] === 4 && object.dtype === 'float64')
        datasetCount += 1;
    check(datasetCount === count, 'other datasets were listed');
  };
  const theirs = `def work():\n    with h5py.File(path, 'r') as f: [(n, d.shape, d.dtype) for n, d in f['group'].items()]`;
  return {
    ours: {
      name: 'Holdfast',
      run: async (turn) => {
        await ours();
        await turn.measure(ours);
      },
    },
    peers: [{ name: 'h5py', run: async (turn) => turn.record(await timedInH5py(theirs, path)) }],
    ...isDone,
  };
}

function bucket(state: 'cold' | 'warm', quantity: Quantity, target: Target | undefined): Benchmark {
  const what = quantity === 'requests' ? 'requests' : 'bytes';
  return {
    name: `hdf5-bucket-${state}-${what}`,
    group: BenchmarkGroup.Hdf5,
    work: `${what} for a row out of chunks of 1 row by ranges, the file ${state === 'cold' ? 'opened for it' : 'open'}`,
    quantity,
    amount,
    conditions: { ...conditions, processState: 'fresh' },
    ...(target && { target }),
    prepare: async (setting) => {
      const path = await hdf5File(setting, hdf5Layouts[1] as Hdf5FileLayout);
      const run: Contender['run'] = async (turn) => turn.record(await countRanges(path, { state, what }));
      return { ours: { name: 'Holdfast', run }, peers: [], ...isDone };
    },
  };
}

/** Reads a row out of the middle as from a bucket, where every read is a request. */
async function countRanges(
  path: string,
  { state, what }: { readonly state: 'cold' | 'warm'; readonly what: 'requests' | 'bytes' },
): Promise<number> {
  await using local = await FileRangeSource.open(path);
  const counted = { requests: 0, bytes: 0 };
  const source = {
    sizeBytes: local.sizeBytes,
    read: (offset: number, length: number) => {
      counted.requests += 1;
      counted.bytes += length;
      return local.read(offset, length);
    },
  };
  const { root } = await readHdf5(source, { inflate });
  const dataset = (await root.open('signals')) as Hdf5Dataset;
  const row = Math.floor(dataset.shape[0] ?? 0) >> 1;
  const read = (): Promise<unknown> => dataset.read({ start: [row, 0], count: [1, rowLength] });
  await read();
  const before = state === 'warm' ? { ...counted } : { requests: 0, bytes: 0 };
  if (state === 'warm') await read();
  return counted[what] - before[what];
}
