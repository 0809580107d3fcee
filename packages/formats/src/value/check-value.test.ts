import { describe, expect, it } from 'vitest';
import { type Loose, wrongArgumentOf } from '../../test/support/wrong-arguments.ts';
import { encodeMat, matPieces } from '../matlab/encode-mat.ts';
import { encodeNpy, npyPieces } from '../numpy/encode-npy.ts';
import { encodeNpz, npzPieces } from '../numpy/encode-npz.ts';
import type { NumericArray } from './value.ts';

const row = { shape: [2], order: 'row-major' } as const;
const numbers: NumericArray = { kind: 'numeric', dtype: 'float32', ...row, data: Float32Array.of(1, 2) };

const cyclic: { kind: string; shape: number[]; order: string; data: unknown[] } = {
  kind: 'cell',
  shape: [1, 1],
  order: 'row-major',
  data: [],
};
cyclic.data.push(cyclic);
const sparse = {
  kind: 'sparse',
  dtype: 'float64',
  shape: [2, 2],
  columnPointers: Int32Array.of(0, 1, 2),
  rowIndices: Int32Array.of(0, 1),
  data: Float64Array.of(1, 2),
};
const texts = { kind: 'text', ...row, data: ['a', 'b'] };

/** Values that are none, with what is said of each after the name of the value. */
const values: readonly (readonly [unknown, string])[] = [
  [undefined, ' undefined must be a value'],
  [[1, 2], ' 1,2 must be a value'],
  [{ kind: 'array' }, '.kind "array" must be a value: an object with the kind numeric, text'],
  [{ ...numbers, shape: [3] }, '.data "Float32Array of 2 entries" must be a Float32Array of 3 entries'],
  [{ ...numbers, shape: [Number.NaN] }, '.shape NaN must be an array of whole numbers'],
  [{ ...numbers, shape: [-1] }, '.shape -1 must be'],
  [{ ...numbers, shape: [2 ** 40, 2 ** 40] }, '.shape'],
  [{ ...numbers, shape: 2 }, '.shape 2 must be'],
  [{ ...numbers, shape: undefined }, '.shape undefined must be'],
  [{ ...numbers, order: 'C' }, ".order \"C\" must be 'row-major' or 'column-major'"],
  [{ ...numbers, dtype: 'float' }, '.dtype "float" must be an element type'],
  [{ ...numbers, dtype: undefined }, '.dtype undefined must be an element type'],
  [{ ...numbers, dtype: 'int32' }, '.data "Float32Array of 2 entries" must be a Int32Array'],
  [{ ...numbers, data: [1, 2] }, '.data 1,2 must be a Float32Array'],
  [{ ...numbers, data: undefined }, '.data undefined must be a Float32Array'],
  [{ ...texts, data: ['a', 1] }, '.data[1] 1 must be a text'],
  [{ ...texts, data: ['a'] }, '.data a must be an array of 2 entries'],
  [{ kind: 'bytes', ...row, itemBytes: 3, data: new Uint8Array(5), isText: true }, '.data "Uint8Array of 5'],
  [
    { kind: 'bytes', ...row, itemBytes: 0.5, data: new Uint8Array(1), isText: true },
    '.itemBytes 0.5 must be',
  ],
  [{ kind: 'cell', ...row, data: [numbers] }, '.data "an array of 1 entries" must be an array of 2 entries'],
  [{ kind: 'cell', ...row, data: [numbers, { ...numbers, shape: [9] }] }, '{2}.data "Float32Array'],
  [cyclic, '{1}… "an object (Object)" is nested deeper than 200 levels, or holds itself'],
  [{ kind: 'struct', ...row, fields: {} }, '.fields "an object (Object)" must be an array'],
  [{ kind: 'struct', ...row, fields: [{ name: 1, values: [] }] }, '.fields.name 1 must be a text'],
  [
    { kind: 'struct', ...row, fields: [{ name: 'f', values: [numbers] }] },
    '.f "an array of 1 entries" must be',
  ],
  [
    {
      kind: 'struct',
      shape: [0, 0],
      order: 'row-major',
      fields: [
        { name: 'f', values: [] },
        { name: 'f', values: [] },
      ],
    },
    '.fields.name "f" is given twice',
  ],
  [
    { kind: 'table', shape: [3], order: 'row-major', columns: [{ name: 'c', value: numbers }] },
    '.c.shape 2 must begin with that of the table, [3]',
  ],
  [{ ...sparse, shape: [2, 3] }, '.columnPointers "Int32Array of 3 entries" must rise from 0 to 2'],
  [{ ...sparse, shape: [1, 2] }, '.rowIndices 1 is outside of the 1 rows'],
  [{ ...sparse, rowIndices: [0, 1] }, '.rowIndices 0,1 must be an Int32Array'],
  [{ ...sparse, data: Float64Array.of(1) }, '.data "Float64Array of 1 entries" must be'],
];

describe.each(values)('the value %o', (value, message) => {
  it('is refused by every writer, where it is', async () => {
    const named = `v${message}`;
    expect(await wrongArgumentOf(() => (encodeMat as Loose)({ v: value }))).toContain(tailOf(named));
    expect(await wrongArgumentOf(() => (matPieces as Loose)([['v', value]]))).toContain(tailOf(named));
    expect(await wrongArgumentOf(() => (encodeNpz as Loose)({ v: value }))).toContain(tailOf(named));
    expect(await wrongArgumentOf(() => (npzPieces as Loose)([['v', value]]))).toContain(tailOf(named));
    expect(await wrongArgumentOf(() => (encodeNpy as Loose)(value))).toContain(tailOf(`array${message}`));
    expect(await wrongArgumentOf(() => (npyPieces as Loose)(value))).toContain(tailOf(`array${message}`));
  });
});

/** What is said of a place deep inside, whose path is cut. */
function tailOf(message: string): string {
  return message.slice(Math.max(0, message.indexOf('…')));
}
