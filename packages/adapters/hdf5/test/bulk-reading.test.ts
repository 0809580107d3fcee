import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOfElements,
  type Hdf5Dataset,
  makeElements,
  type NumericArray,
  readHdf5,
  readNpy,
} from '@holdfast/formats';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hdf5File, Hdf5Threads } from '../src/index.ts';
import { inflateAtOnce } from '../src/inflate-at-once.ts';
import { readByWasm } from '../src/read-by-wasm.ts';
import { inPython, python } from './support/in-python.ts';
import { scratchFolder } from './support/scratch-folder.ts';

const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const folder = scratchFolder();

const dataset = fc.record({
  dtype: fc.constantFrom('<i1', '<u2', '>i4', '<i8', '<f2', '>f4', '<f4', '<f8', '>f8', '<c8', '|b1'),
  shape: fc.array(fc.constantFrom(1, 2, 3, 7, 30), { maxLength: 4 }),
  chunk: fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })),
  isWide: fc.boolean(),
  gzip: fc.option(fc.integer({ min: 0, max: 9 })),
  shuffle: fc.boolean(),
  fletcher32: fc.boolean(),
  isResizable: fc.boolean(),
  fill: fc.option(fc.integer({ min: 0, max: 1 })),
  written: fc.constantFrom(1, 1, 0.4, 0),
});

const program = `
for f in question:
    with h5py.File(f['path'], 'w', libver=f['libver']) as h:
        for i, d in enumerate(f['datasets']):
            shape, dt, rng = tuple(d['shape']), np.dtype(d['dtype']), np.random.default_rng(i)
            o = {}
            if d['fill'] is not None: o['fillvalue'] = np.array(d['fill']).astype(dt)[()]
            if d['chunk'] is not None and shape:
                o['chunks'] = tuple(s if d['isWide'] and k else min(c, s) for k, (c, s) in enumerate(zip(d['chunk'], shape)))
                for k in ['shuffle', 'fletcher32']: o[k] = d[k]
                if d['gzip'] is not None: o['compression'], o['compression_opts'] = 'gzip', d['gzip']
                if d['isResizable']: o['maxshape'] = (None,) * len(shape)
            s = h.create_dataset('d%d' % i, shape, dt, **o)
            values = (rng.integers(0, 100, shape) * 1.5).astype(dt)
            if not shape: s[()] = values
            elif d['written']: n = int(np.ceil(shape[0] * d['written'])); s[:n] = values[:n]
            np.save('%s.%d.npy' % (f['path'], i), np.ascontiguousarray(s[()]).astype(dt.newbyteorder('<')).reshape(shape))
    if f['large']:
        with h5py.File(f['path'], 'a') as h:
            a = (np.arange(400 * 600) % 977).astype('<f4').reshape(400, 600)
            for name, o in [('plain', {}), ('blocks', {'chunks': (64, 600)}), ('gzip', {'chunks': (64, 600), 'compression': 4, 'shuffle': True}), ('tiles', {'chunks': (100, 70), 'compression': 1})]: h.create_dataset(name, data=a, **o)
            np.save(f['path'] + '.large.npy', a)
`;

async function theirs(path: string): Promise<NumericArray> {
  const value = await (await readNpy(new Uint8Array(readFileSync(path)))).read();
  if (value.kind !== 'numeric') throw new TypeError(`${path} holds no numbers.`);
  return value;
}

function bytesOf({ dtype, data }: Pick<NumericArray, 'dtype' | 'data'>): Buffer {
  return Buffer.from(bytesOfElements(dtype, data, 'little'));
}

describe.skipIf(python === '')('rows of datasets that h5py wrote', () => {
  it('are those of h5py, of the layout reader and of h5wasm, whole, in order, alone and in any batch', async () => {
    const files = fc
      .sample(fc.array(dataset, { minLength: 25, maxLength: 25 }), { numRuns: isLong ? 40 : 4, seed: 11 })
      .map((datasets, index) => {
        const libver = ['earliest', 'v108', 'v110', 'latest'][index % 4];
        return { path: join(folder, `${index}.h5`), libver, datasets, large: false };
      });
    inPython(program, files);
    for (const { path, datasets } of files) {
      await using file = await Hdf5File.open(path);
      const { root } = await readHdf5(new Uint8Array(readFileSync(path)), { inflate: inflateAtOnce });
      for (const index of datasets.keys()) {
        const expected = await theirs(`${path}.${index}.npy`);
        const due = bytesOf(expected);
        const ours = await file.dataset(`d${index}`);
        const label = `${path} d${index} ${JSON.stringify(datasets[index])}`;
        const whole = await ours.read();
        expect([whole.dtype, whole.shape], label).toEqual([expected.dtype, expected.shape]);
        expect(bytesOf(whole).equals(due), label).toBe(true);
        const plain = await ((await root.open(`d${index}`)) as Hdf5Dataset).read();
        expect(plain.kind === 'numeric' && bytesOf(plain).equals(due), label).toBe(true);
        if (!['float16', 'complex64', 'bool'].includes(expected.dtype)) {
          const byWasm = await readByWasm(path, `d${index}`, {});
          expect(byWasm.kind === 'numeric' && bytesOf(byWasm).equals(due), label).toBe(true);
        }
        if (expected.shape.length > 0) await checkRows(ours, { due, label });
      }
    }
  });

  it('come from several threads and out of the cache as they do from one thread', async () => {
    const path = join(folder, 'large.h5');
    inPython(program, [{ path, libver: 'earliest', datasets: [], large: true }]);
    const due = bytesOf(await theirs(`${path}.large.npy`));
    await using two = new Hdf5Threads({ count: 2 });
    for (const threads of [two, new Hdf5Threads({ count: 1 })])
      for (const cacheBytes of [0, 400_000])
        for (const name of ['plain', 'blocks', 'gzip', 'tiles']) {
          await using file = await Hdf5File.open(path, { threads, cacheBytes, bufferBytes: 300_000 });
          const ours = await file.dataset(name);
          const into = makeElements('float32', 240_000);
          await Promise.all([ours.read({ into }), ours.readRows(100, 250), ours.readRow(3)]);
          expect(bytesOf({ dtype: 'float32', data: into }).equals(due), name).toBe(true);
          await checkRows(ours, { due, label: name });
        }
  });
});

async function checkRows(
  ours: Awaited<ReturnType<Hdf5File['dataset']>>,
  { due, label }: { readonly due: Buffer; readonly label: string },
): Promise<void> {
  const { rowCount } = ours;
  const rowBytes = due.length / rowCount;
  const rowsOf = (rows: readonly number[]): Buffer =>
    Buffer.concat(rows.map((row) => due.subarray(row * rowBytes, (row + 1) * rowBytes)));
  const row = fc.nat(rowCount - 1);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 80 }), row, row, async (batch, a, b) => {
      expect(bytesOf(await ours.readBatch(batch)).equals(rowsOf(batch)), label).toBe(true);
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const range = await ours.readRows(start, end - start);
      expect(bytesOf(range).equals(due.subarray(start * rowBytes, end * rowBytes)), label).toBe(true);
      expect(bytesOf(await ours.readRow(a)).equals(rowsOf([a])), label).toBe(true);
    }),
    { numRuns: isLong ? 20 : 3 },
  );
}
