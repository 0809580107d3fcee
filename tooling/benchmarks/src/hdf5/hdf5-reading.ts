import { closeSync, openSync, readSync } from 'node:fs';
import { type Hdf5DatasetReader, Hdf5File } from '@holdfast/adapter-hdf5';
import { check } from '../material/check.ts';
import { rowLength, scatteredRows } from './hdf5-files.ts';

/** One way of reading a dataset, done by Holdfast, by h5py and by nothing but `readSync`. */
export interface Hdf5Reading {
  readonly name: string;
  readonly work: string;
  /** Python with `f` open, `d` the dataset and `rows` its rows and `count` those to read, that defines `work`; each with its name. */
  readonly peers: readonly (readonly [name: string, program: string])[];
  /** How many rows are read; all of a smaller file in the quick form. */
  readonly count: { readonly full: number; readonly quick: number };
  /** Reads so many rows. */
  readonly ours: (dataset: Hdf5DatasetReader, count: number) => Promise<void>;
  /** Reads the same bytes from a contiguous file of so many rows. */
  readonly limit: (
    read: (row: number, count: number) => void,
    of: { readonly rows: number; readonly count: number },
  ) => void;
}

const batchRows = 64;
const blockRows = 1024;
const memory = new Map<number, Float32Array>();

function memoryOf(rows: number): Float32Array {
  const known = memory.get(rows) ?? new Float32Array(rows * rowLength);
  memory.set(rows, known);
  return known;
}

function checkRows(data: ArrayLike<number | bigint>, rows: readonly number[]): void {
  for (const [index, row] of rows.entries())
    check(data[index * rowLength] === row, `row ${row} is another one`);
}

const batch = 'batch = np.empty((64, d.shape[1]), d.dtype); row = np.empty(d.shape[1:], d.dtype)';
const scattered = 'some = [(i * 7919 + 13) % rows for i in range(count)]';

const wholeFile = { full: 20_000, quick: 640 } as const;

export const readWhole: Hdf5Reading = {
  name: 'whole',
  count: wholeFile,
  work: 'whole, into the caller’s memory',
  peers: [['h5py read_direct', 'into = np.empty(d.shape, d.dtype)\ndef work(): d.read_direct(into)']],
  ours: async (dataset) => {
    const { rowCount } = dataset;
    const into = memoryOf(rowCount);
    await dataset.read({ into });
    check(into[(rowCount - 1) * rowLength] === rowCount - 1, 'the last row is another one');
  },
  limit: (read, { rows }) => {
    for (let row = 0; row < rows; row += blockRows) read(row, Math.min(blockRows, rows - row));
  },
};

export const readFresh: Hdf5Reading = {
  ...readWhole,
  name: 'fresh',
  work: 'whole, into memory of its own',
  peers: [['h5py d[()]', 'def work(): d[()]']],
  ours: async (dataset) => checkRows((await dataset.read()).data, [0]),
};

export const readBatches: Hdf5Reading = {
  name: 'batches',
  count: wholeFile,
  work: 'all of it in batches of 64 rows',
  peers: [
    [
      'h5py read_direct',
      `${batch}\ndef work():\n    for i in range(0, rows - 63, 64): d.read_direct(batch, np.s_[i:i + 64])`,
    ],
  ],
  ours: async (dataset) => {
    const into = memoryOf(batchRows);
    for (let row = 0; row + batchRows <= dataset.rowCount; row += batchRows) {
      await dataset.readRows(row, batchRows, { into });
      check(into[0] === row, `row ${row} is another one`);
    }
  },
  limit: (read, { rows }) => {
    for (let row = 0; row + batchRows <= rows; row += batchRows) read(row, batchRows);
  },
};

/** Single rows, far from each other. */
export function readSingleRows(full: number): Hdf5Reading {
  return {
    name: 'rows',
    count: { full, quick: full / 10 },
    work: 'single rows, far from each other',
    peers: [
      [
        'h5py read_direct',
        `${batch}; ${scattered}\ndef work():\n    for i in some: d.read_direct(row, np.s_[i])`,
      ],
    ],
    ours: async (dataset, count) => {
      const into = memoryOf(1);
      for (const row of scatteredRows(count, dataset.rowCount)) {
        await dataset.readRow(row, { into });
        check(into[0] === row, `row ${row} is another one`);
      }
    },
    limit: (read, { rows, count }) => {
      for (const row of scatteredRows(count, rows)) read(row, 1);
    },
  };
}

/** Batches of 64 rows, far from each other. */
export function readScatteredBatches(batches: number): Hdf5Reading {
  const setUp = `${batch}; ${scattered}`;
  return {
    name: 'scattered',
    count: { full: batches * batchRows, quick: 2 * batchRows },
    work: 'batches of 64 rows, far from each other',
    peers: [
      [
        'h5py, row by row',
        `${setUp}\ndef work():\n    for i, r in enumerate(some): d.read_direct(batch, np.s_[r:r + 1], np.s_[i % 64:i % 64 + 1])`,
      ],
      [
        'h5py, sorted list',
        `${setUp}\ndef work():\n    for i in range(0, count, 64): d[sorted(some[i:i + 64])]`,
      ],
    ],
    ours: async (dataset, count) => {
      const rows = scatteredRows(count, dataset.rowCount);
      const into = memoryOf(batchRows);
      for (let index = 0; index < count; index += batchRows) {
        const wanted = rows.slice(index, index + batchRows);
        await dataset.readBatch(wanted, { into });
        checkRows(into, wanted);
      }
    },
    limit: (read, { rows, count }) => {
      for (const row of scatteredRows(count, rows)) read(row, 1);
    },
  };
}

type Measure = (work: () => Promise<void>) => Promise<void>;

/** Opens a dataset, does the work twice, and times the second time. */
export async function timeOurs(
  reading: Hdf5Reading,
  { path, count }: { readonly path: string; readonly count: number },
  measure: Measure,
): Promise<void> {
  await using file = await Hdf5File.open(path);
  const dataset = await file.dataset('signals');
  await reading.ours(dataset, count);
  await measure(() => reading.ours(dataset, count));
}

/** The same bytes by `readSync` into memory that is used again, twice, timed the second time. */
export async function timeLimit(
  { limit }: Hdf5Reading,
  { path, ...of }: { readonly path: string; readonly rows: number; readonly count: number },
  measure: Measure,
): Promise<void> {
  const descriptor = openSync(path, 'r');
  const block = new Uint8Array(blockRows * rowLength * 4);
  const offset = 2048;
  const read = (row: number, rows: number): void => {
    readSync(descriptor, block, 0, rows * rowLength * 4, offset + row * rowLength * 4);
  };
  limit(read, of);
  await measure(async () => limit(read, of));
  closeSync(descriptor);
}
