import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOracle } from '@holdfast/tooling-services';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  elementLayout,
  type ElementType,
  hdf5Pieces,
  lazyOf,
  makeElements,
  type NumericArray,
  readHdf5,
  type Value,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { h5pyProgram } from './support/h5py-program.ts';
import { hdf5Tree } from './support/hdf5-tree.ts';
import { neutral } from './support/neutral.ts';
import { nodeDeflate, nodeInflate } from './support/node-inflate.ts';

const python = pythonOracle() ?? '';
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const types: readonly ElementType[] = [
  'bool',
  ...([8, 16, 32, 64].flatMap((bits) => [`int${bits}`, `uint${bits}`]) as ElementType[]),
  'float16',
  'float32',
  'float64',
  'complex64',
  'complex128',
];

const extents = fc.array(fc.constantFrom(0, 1, 2, 3, 5, 8), { maxLength: 4 });

function numbers(dtype: ElementType, shape: readonly number[], seed: number): NumericArray {
  const data = makeElements(
    dtype,
    shape.reduce((product, extent) => product * extent, 1),
  );
  const isBig = elementLayout(dtype).array.name.startsWith('Big');
  for (let index = 0; index < data.length; index += 1) {
    const value = dtype === 'bool' ? (seed + index) % 2 : ((seed + index) * 37) % 101;
    (data as { [index: number]: unknown })[index] = isBig ? BigInt(value) : value;
  }
  return { kind: 'numeric', dtype, shape, order: 'row-major', data };
}

const numeric = fc
  .tuple(fc.constantFrom(...types), extents, fc.nat(100))
  .map(([dtype, shape, seed]) => numbers(dtype, shape, seed));
const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'));
const text = fc
  .array(word, { maxLength: 6 })
  .map((data): Value => ({ kind: 'text', data, shape: [data.length], order: 'row-major' }));
const table = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.constantFrom(...types))
  .map(([data, dtype]): Value => ({
    kind: 'table',
    shape: [data.length],
    order: 'row-major',
    columns: [
      { name: 'n', value: numbers(dtype, [data.length], 3) },
      { name: 'größe', value: { kind: 'text', data, shape: [data.length], order: 'row-major' } },
      { name: 'x', value: numbers('float64', [data.length], 5) },
    ],
  }));
const bytes = fc.uint8Array({ minLength: 3, maxLength: 30 }).map((data): Value => {
  const whole = data.subarray(0, data.length - (data.length % 3));
  return {
    kind: 'bytes',
    itemBytes: 3,
    data: whole,
    isText: false,
    shape: [whole.length / 3],
    order: 'row-major',
  };
});
const file = fc.dictionary(
  fc.constantFrom('a', 'b', 'deep/c', 'deep/er/d', 'é'),
  fc.oneof({ weight: 4, arbitrary: numeric }, text, table, bytes),
);

async function written(
  values: { readonly [name: string]: Value },
  isCompressed: boolean,
): Promise<Uint8Array> {
  const lazy = Object.entries(values).map(([name, value]) => lazyOf(name, value));
  const options = { metadata: { made: 'here – é' }, ...(isCompressed ? { deflate: nodeDeflate } : {}) };
  const pieces: Uint8Array[] = [];
  for await (const piece of hdf5Pieces(lazy, options)) pieces.push(piece.slice());
  return Buffer.concat(pieces);
}

describe('HDF5 files that are written', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hdf5-writing-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have the values that were given, when they are read again', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.boolean(), async (values, isCompressed) => {
        const { root } = await readHdf5(await written(values, isCompressed), { inflate: nodeInflate });
        for (const [path, value] of Object.entries(values)) {
          const dataset = await root.open(path);
          expect(dataset?.kind === 'dataset' && neutral(await dataset.read())).toEqual(neutral(value));
        }
      }),
      { numRuns: isLong ? 2_000 : 60 },
    );
  });

  it.skipIf(python === '')('are read by h5py as Holdfast reads them', async () => {
    const samples = fc.sample(fc.tuple(file, fc.boolean()), { numRuns: isLong ? 300 : 30, seed: 7 });
    const many = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`g/n${index}`, numbers('int16', [2], index)]),
    );
    const large = { signals: numbers('float32', [3000, 1024], 1), odd: numbers('complex128', [70_001], 2) };
    const paths: string[] = [];
    for (const [values, isCompressed] of [...samples, [many, false], [large, true], [{}, false]] as const) {
      const path = join(folder, `${paths.length}.h5`);
      writeFileSync(path, await written(values, isCompressed));
      paths.push(path);
    }
    const question = `${h5pyProgram}\nprint(json.dumps([answer(f) for f in json.load(sys.stdin)]))`;
    const trees = askPython(python, question, paths) as unknown[];
    expect(JSON.stringify(trees)).not.toContain('"refused"');
    for (const [index, path] of paths.entries())
      expect(await hdf5Tree(readFileSync(path)), path).toEqual(trees[index]);
  });
});
