import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOracle } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hdf5Dataset, readHdf5 } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { countingSource } from './support/counting-source.ts';
import { nodeInflate } from './support/node-inflate.ts';

const python = pythonOracle() ?? '';
const rows = 20_000;
const columns = 64;
const program = `
import h5py, json, os, sys, numpy as np
folder, rows, columns = json.load(sys.stdin)
data = np.arange(rows * columns, dtype='<f4').reshape(rows, columns)
for libver in ['earliest', 'latest']:
    with h5py.File(os.path.join(folder, libver), 'w', libver=libver) as f:
        f.create_dataset('contiguous', data=data)
        for name, maxshape in [('fixed', None), ('one', (None, columns)), ('all', (None, None))]:
            f.create_dataset('rows/' + name, data=data, chunks=(1, columns), maxshape=maxshape)
            f.create_dataset('blocks/' + name, data=data, chunks=(64, columns), maxshape=maxshape, compression=1)
print('null')
`;

describe.skipIf(python === '')('a row of a dataset', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hdf5-ranges-'));
    askPython(python, program, [folder, rows, columns]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const paths = [
    'contiguous',
    ...['rows', 'blocks'].flatMap((at) => [`${at}/fixed`, `${at}/one`, `${at}/all`]),
  ];
  it.each(['earliest', 'latest'].flatMap((form) => paths.map((path) => [form, path] as const)))(
    'takes at most 8 reads of a file of the %s form in %s, and one when it is read again',
    async (form, path) => {
      const source = countingSource(new Uint8Array(readFileSync(join(folder, form))));
      const { root } = await readHdf5(source, { inflate: nodeInflate });
      const dataset = (await root.open(path)) as Hdf5Dataset;
      for (const [row, mostReads] of [
        [12_345, 8],
        [12_345, 1],
        [12_346, 1],
      ] as const) {
        const before = mostReads === 1 ? source.readCount : 0;
        const value = await dataset.read({ start: [row, 0], count: [1, columns] });
        expect(value.kind === 'numeric' && value.data[1]).toBe(row * columns + 1);
        expect(source.readCount - before).toBeLessThanOrEqual(mostReads);
      }
      expect(source.bytesRead).toBeLessThan(400_000);
    },
  );
});
