import { promisify } from 'node:util';
import { deflate, inflateSync } from 'node:zlib';
import { type Hdf5Dataset, hdf5Pieces, lazyOf, readHdf5 } from '@holdfast/formats';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';
import { makeSubject, storageSubjects } from './support/storage-subjects.ts';

const [rows, columns] = [20_000, 256];
const compress = promisify(deflate);

async function* file(isCompressed: boolean): AsyncIterable<Uint8Array> {
  const data = Float32Array.from({ length: rows * columns }, (_, index) => index);
  const signals = lazyOf('train/signals', {
    kind: 'numeric',
    dtype: 'float32',
    shape: [rows, columns],
    order: 'row-major',
    data,
  });
  const options = isCompressed ? { deflate: (bytes: Uint8Array) => compress(bytes) } : {};
  yield* hdf5Pieces([signals], options);
}

test.each([
  ['plain', false],
  ['compressed', true],
])('a row of a large HDF5 file in a store takes few requests: %s', async (_, isCompressed) => {
  let requests = 0;
  const make = storageSubjects['memory, one pass'];
  if (make === undefined) throw new Error('no such subject');
  await using subject = await makeSubject(make, (adapter) =>
    overriding(adapter, {
      get: async (key, options) => {
        requests += 1;
        return adapter.get(key, options);
      },
    }),
  );
  const info = await subject.service.save(file(isCompressed), { format: 'hdf5' });
  requests = 0;
  const { root } = await readHdf5(subject.service.rangeSource(info), {
    inflate: async (bytes) => inflateSync(bytes),
  });
  const dataset = (await root.open('train/signals')) as Hdf5Dataset;
  const row = async (number: number): Promise<unknown> => {
    const value = await dataset.read({ start: [number, 0], count: [1, columns] });
    return value.kind === 'numeric' ? value.data[1] : value.kind;
  };
  expect(await row(12_345)).toBe(Math.fround(12_345 * columns + 1));
  const cold = requests;
  expect(await row(4)).toBe(4 * columns + 1);
  expect(cold).toBeLessThanOrEqual(8);
  expect(requests - cold).toBe(1);
});
