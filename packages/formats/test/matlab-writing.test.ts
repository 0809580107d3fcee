import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { octave, pythonOracle } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ElementType,
  encodeMat,
  makeElements,
  matPieces,
  type NumericArray,
  readMat,
  type Value,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { gather } from './support/gather.ts';
import { type Neutral, neutral } from './support/neutral.ts';
import { nodeDeflate, nodeInflate } from './support/node-inflate.ts';
import { scipyProgram } from './support/scipy-program.ts';

const python = pythonOracle() ?? '';
const octaveProgram = octave() ?? '';

function numbers(
  dtype: ElementType,
  shape: readonly number[],
  order: NumericArray['order'] = 'column-major',
): NumericArray {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = makeElements(dtype, count);
  for (let index = 0; index < data.length; index += 1)
    data[index] =
      dtype === 'bool'
        ? index % 2
        : typeof data[0] === 'bigint'
          ? BigInt(index) - (dtype === 'int64' ? 3n : 0n)
          : index * 1.5;
  return { kind: 'numeric', dtype, shape, order, data };
}

function texts(...data: string[]): Value {
  return { kind: 'text', shape: [data.length], order: 'column-major', data };
}

const types = [
  'float64',
  'float32',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
  'complex64',
  'complex128',
] as const;
const sparse = {
  kind: 'sparse',
  dtype: 'float64',
  shape: [3, 4],
  columnPointers: Int32Array.of(0, 1, 1, 3, 4),
  rowIndices: Int32Array.of(2, 0, 1, 2),
  data: Float64Array.of(1.5, -2, 3, 4),
} as const;
const complexSparse = {
  ...sparse,
  dtype: 'complex128',
  data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
} as const;
const logicalSparse = { ...sparse, dtype: 'bool', data: Uint8Array.of(1, 1, 1, 1) } as const;

/** What Octave, too, writes as it reads it. */
const portable: { readonly [name: string]: Value } = {
  ...Object.fromEntries(types.map((dtype) => [`a_${dtype}`, numbers(dtype, [2, 3])])),
  ...Object.fromEntries(types.map((dtype) => [`rows_${dtype}`, numbers(dtype, [2, 3, 2], 'row-major')])),
  empty: numbers('float64', [0, 0]),
  flat: numbers('float64', [0, 3]),
  text: texts('hello world'),
  lines: texts('one  ', 'three'),
  special: {
    ...numbers('float64', [1, 5]),
    data: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, -1.7e308),
  },
  cells: {
    kind: 'cell',
    shape: [1, 3],
    order: 'row-major',
    data: [
      numbers('float64', [2, 2]),
      texts('in a cell'),
      { kind: 'cell', shape: [1, 1], order: 'column-major', data: [numbers('int8', [1, 2])] },
    ],
  },
  record: {
    kind: 'struct',
    shape: [1, 2],
    order: 'column-major',
    fields: [
      { name: 'rate', values: [numbers('float64', [1, 1]), numbers('float64', [1, 2])] },
      { name: 'label', values: [texts('outer'), texts('inner')] },
    ],
  },
  sparse,
  complexSparse,
};
const values: typeof portable = {
  ...portable,
  logicalSparse,
  unicode: texts('größe ☃'),
  square: texts('ab', 'cd'),
  noText: { kind: 'text', shape: [0], order: 'column-major', data: [] },
  deep: {
    kind: 'struct',
    shape: [1, 1],
    order: 'column-major',
    fields: [
      {
        name: 'x',
        values: [
          { kind: 'struct', shape: [1, 1], order: 'column-major', fields: [{ name: 'y', values: [sparse] }] },
        ],
      },
    ],
  },
};
const due = (of: typeof portable): { [name: string]: Neutral } =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, neutral(value)]));

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-mat-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function write(name: string, content: typeof portable, isCompressed: boolean): Promise<string> {
  const path = join(folder, name);
  const bytes = isCompressed
    ? await gather(matPieces(Object.entries(content), { deflate: nodeDeflate }))
    : encodeMat(content);
  writeFileSync(path, bytes);
  return path;
}

async function read(path: string): Promise<{ [name: string]: Neutral }> {
  const { variables } = await readMat(Uint8Array.from(readFileSync(path)), { inflate: nodeInflate });
  const entries: [string, Neutral][] = [];
  for (const variable of variables) entries.push([variable.name, neutral(await variable.read())]);
  return Object.fromEntries(entries);
}

describe('a MATLAB file that was written here', () => {
  it.each([false, true])('has the values that were given (compressed: %s)', async (isCompressed) => {
    expect(await read(await write('own.mat', values, isCompressed))).toEqual(due(values));
  });

  it.skipIf(python === '').each([false, true])('is read by scipy (compressed: %s)', async (isCompressed) => {
    const path = await write('scipy.mat', values, isCompressed);
    const [answer] = askPython(
      python,
      `${scipyProgram}\nprint(json.dumps([load(f) for f in json.load(sys.stdin)]))`,
      [path],
    ) as [unknown];
    expect(answer).toEqual(due(values));
  });

  it.skipIf(octaveProgram === '')(
    'is read by Octave, and what Octave writes of it is read here',
    async () => {
      const path = await write('ours.mat', portable, false);
      const program = `load('${path}'); clear ans; save('-v6', '${folder}/v6.mat'); save('-v7', '${folder}/v7.mat');`;
      execFileSync(octaveProgram, ['--no-init-file', '--quiet', '--eval', program]);
      expect(await read(join(folder, 'v6.mat'))).toEqual(due(portable));
      expect(await read(join(folder, 'v7.mat'))).toEqual(due(portable));
    },
  );
});

it('bytes that are one long text are written as one', async () => {
  const data = new Uint8Array(300_001).fill(0x61, 0, 300_000);
  const long: Value = {
    kind: 'bytes',
    shape: [1],
    order: 'row-major',
    itemBytes: data.length,
    data,
    isText: true,
  };
  const [variable] = (await readMat(encodeMat({ t: long }))).variables;
  expect(await variable?.read()).toMatchObject({ kind: 'text', data: ['a'.repeat(300_000)] });
});

describe('what a MATLAB file cannot hold', () => {
  it.each<[string, { [name: string]: Value }, string]>([
    ['a name', { '1st': numbers('float64', [1]) }, 'name "1st" is not a valid name of a MATLAB variable'],
    ['a type', { x: numbers('bfloat16', [1]) }, 'x "bfloat16" is a type that MATLAB does not have'],
    [
      'a field',
      { x: { kind: 'struct', shape: [0], order: 'row-major', fields: [{ name: 'a b', values: [] }] } },
      'x.a b "a b" is not a valid name of a field',
    ],
    [
      'an object within a cell',
      {
        x: {
          kind: 'cell',
          shape: [1],
          order: 'row-major',
          data: [{ kind: 'opaque', className: 'c', type: 'MCOS' }],
        },
      },
      'x{1} "opaque" is a kind of value',
    ],
  ])('is refused: %s', (_, content, message) => {
    expect(() => encodeMat(content)).toThrow(message);
  });
});
