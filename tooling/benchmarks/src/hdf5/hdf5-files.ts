import { join } from 'node:path';
import type { Setting } from '../framework/setting.ts';
import { inPython } from '../material/timed-in-python.ts';

/** How a dataset is stored: rows of a chunk, 0 for none, and whether chunks are compressed. */
export interface Hdf5FileLayout {
  readonly name: string;
  readonly chunkRows: number;
  readonly isCompressed: boolean;
}

export const rowLength = 4096;

/** Every layout that is measured: each plain, and those with chunks with gzip 4 and shuffle. */
export const hdf5Layouts: readonly Hdf5FileLayout[] = [
  { name: 'contiguous', chunkRows: 0, isCompressed: false },
  { name: 'chunks-of-1', chunkRows: 1, isCompressed: false },
  { name: 'chunks-of-64', chunkRows: 64, isCompressed: false },
  { name: 'gzip-chunks-of-1', chunkRows: 1, isCompressed: true },
  { name: 'gzip-chunks-of-64', chunkRows: 64, isCompressed: true },
];

/** Bursts on noise, as 16 bits sample them; the first entry of a row is its number. */
const makeFile = `
import h5py
rows, length, chunk, gzip = [int(x) for x in sys.argv[2:6]]
rng, t = np.random.default_rng(1), np.arange(length)
a = np.empty((rows, length), '<f4')
for i in range(rows):
    burst = np.exp(-((t - rng.integers(500, 3500)) % length) / 300) * np.sin(t * rng.uniform(.05, .4))
    a[i] = np.round(burst * 32767 + rng.normal(0, 30, length)) / 32768
a[:, 0] = np.arange(rows)
o = {'chunks': (chunk, length)} if chunk else {}
if gzip: o.update(compression='gzip', compression_opts=4, shuffle=True)
with h5py.File(path, 'w') as f: f.create_dataset('signals', data=a, **o)
`;

/** A file of a layout, made once for all benchmarks. */
export function hdf5File(
  setting: Setting,
  layout: Hdf5FileLayout & { readonly rows?: number | undefined },
): Promise<string> {
  const { name, chunkRows, isCompressed, rows: count = setting.amount.count } = layout;
  return setting.shared.find(`hdf5-${name}-${count}`, async (folder) => {
    setting.say(`writing the file of ${name}`);
    const path = join(folder, 'signals.h5');
    const parameters = [count, rowLength, Math.min(chunkRows, count), isCompressed ? 1 : 0];
    await inPython(makeFile, [path, ...parameters.map(String)]);
    return path;
  });
}

/** Rows far from each other, the same ones in Python: `[(i * 7919 + 13) % rows for i in range(count)]`. */
export function scatteredRows(count: number, rows: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 7919 + 13) % rows);
}

/** How long h5py takes in milliseconds: `work()` is done twice, and the second time counts. */
export async function timedInH5py(
  program: string,
  path: string,
  parameters: readonly number[] = [],
): Promise<number> {
  const timed = `
import h5py, os
parameters = [int(x) for x in sys.argv[2:]]
${program}
for _ in range(2):
    begin = time.perf_counter()
    work()
    end = time.perf_counter()
print((end - begin) * 1000)`;
  return Number(await inPython(timed, [path, ...parameters.map(String)]));
}
