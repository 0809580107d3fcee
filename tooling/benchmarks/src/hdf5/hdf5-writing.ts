import { open } from 'node:fs/promises';
import { type Hdf5Threads, Hdf5Writer } from '@holdfast/adapter-hdf5';
import { readNpy } from '@holdfast/formats';
import { FileRangeSource } from '@holdfast/storage';
import type { Hdf5FileLayout } from './hdf5-files.ts';
import { rowLength } from './hdf5-files.ts';

const blockRows = 1000;

/** Python that writes the array of `a.npy` beside `path` in a layout, and syncs it. */
export const writeInH5py = `
chunk, gzip = parameters
a = np.load(path + '.npy')
o = {'chunks': (chunk, a.shape[1])} if chunk else {}
if gzip: o.update(compression='gzip', compression_opts=4, shuffle=True)
def work():
    with h5py.File(path + '.theirs', 'w') as f: f.create_dataset('signals', data=a, **o)
    descriptor = os.open(path + '.theirs', os.O_RDONLY)
    os.fsync(descriptor); os.close(descriptor)
`;

/** The array of a file of NumPy. */
export async function readArray(path: string): Promise<Float32Array> {
  await using source = await FileRangeSource.open(path);
  const { data } = (await (await readNpy(source)).read()) as { data: Float32Array };
  return data;
}

/** Writes rows in a layout; the writer syncs the file and its folder. */
export async function writeOurs(
  path: string,
  data: Float32Array,
  { chunkRows, isCompressed, threads }: Hdf5FileLayout & { readonly threads?: Hdf5Threads | undefined },
): Promise<void> {
  await using writer = await Hdf5Writer.create(path, { mode: 'replace', threads });
  const rows = data.length / rowLength;
  const layout = chunkRows === 0 ? { rows } : { chunkRows, gzip: isCompressed ? 4 : undefined };
  const signals = writer.dataset('signals', { dtype: 'float32', rowShape: [rowLength], ...layout });
  for (let row = 0; row < rows; row += blockRows)
    await signals.append(data.subarray(row * rowLength, Math.min(rows, row + blockRows) * rowLength));
  await writer.finish();
}

/** Writes the same bytes and syncs them. */
export async function writeLimit(path: string, data: Float32Array): Promise<void> {
  const file = await open(path, 'w');
  await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  await file.sync();
  await file.close();
}
