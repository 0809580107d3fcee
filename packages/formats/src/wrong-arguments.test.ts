import { describe, expect, it } from 'vitest';
import { gather } from '../test/support/gather.ts';
import { nodeDeflate } from '../test/support/node-inflate.ts';
import { type Loose, wrongArgumentOf } from '../test/support/wrong-arguments.ts';
import {
  encodeMat,
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
  encodeTorch,
  FormatError,
  lazyOf,
  matPieces,
  type NumericArray,
  npzPieces,
  openValues,
  readHdf5,
  readMat,
  readNpy,
  readNpz,
  readSafetensors,
  readTorch,
  safetensorsPieces,
  streamNpy,
  torchPieces,
  type Value,
  writeValues,
} from './index.ts';

const row = { shape: [2], order: 'row-major' } as const;
const numbers: NumericArray = { kind: 'numeric', dtype: 'float32', ...row, data: Float32Array.of(1, 2) };

const sparse = {
  kind: 'sparse',
  dtype: 'float64',
  shape: [2, 2],
  columnPointers: Int32Array.of(0, 1, 2),
  rowIndices: Int32Array.of(0, 1),
  data: Float64Array.of(1, 2),
};
const texts = { kind: 'text', ...row, data: ['a', 'b'] };

const readers = { readMat, readNpy, readNpz, readSafetensors, readTorch, readHdf5, openValues };

describe.each(Object.entries(readers))('%s', (_, reader) => {
  const read = reader as Loose;

  it.each([
    [undefined, 'input undefined must be bytes'],
    [null, 'input null must be bytes'],
    [
      'a.mat',
      'input "a.mat" must be bytes (a Uint8Array), or a source with sizeBytes and read(offset, length)',
    ],
    ['a.mat', "FileRangeSource.open(path) of '@holdfast/storage'"],
    [new ArrayBuffer(4), 'new Uint8Array(buffer)'],
    [Promise.resolve(new Uint8Array(1)), 'await it first'],
    [Float32Array.of(1), 'input "Float32Array of 1 entries"'],
    [{ sizeBytes: Number.NaN, read: () => undefined }, 'must be bytes'],
    [Object.create(null), 'must be bytes'],
  ])('refuses %o', async (input, message) => {
    expect(await wrongArgumentOf(() => read(input))).toContain(message);
  });

  it.each([
    [null, 'options null must be an object'],
    [{ inflate: true }, 'inflate true must be a function'],
    [{ signal: 5 }, 'signal 5 must be an AbortSignal'],
    [{ limitBytes: '1' }, 'limitBytes "1" must be a number'],
  ])('refuses the settings %o', async (options, message) => {
    expect(await wrongArgumentOf(() => read(new Uint8Array(8), options))).toContain(message);
  });

  it('refuses a source that gives something other than bytes', async () => {
    const source = {
      sizeBytes: 4096,
      read: async (_offset: number, length: number) => new ArrayBuffer(length),
    };
    expect(await wrongArgumentOf(() => read(source))).toContain('what the source reads');
  });
});

const tensor = { name: 'a', dtype: 'F32', shape: [2], data: new Uint8Array(8) };
const calls: readonly (readonly [string, () => unknown, string])[] = [
  ['encodeMat', () => (encodeMat as Loose)(), 'variables undefined must be a plain object'],
  [
    'encodeMat of a Map',
    () => (encodeMat as Loose)(new Map([['a', numbers]])),
    'variables "an object (Map)"',
  ],
  [
    'encodeNpz of an array',
    () => (encodeNpz as Loose)([numbers]),
    'must be a plain object of names and values',
  ],
  ['matPieces', () => (matPieces as Loose)(), 'variables undefined must be an iterable of pairs'],
  ['matPieces of an object', () => (matPieces as Loose)({ a: numbers }), 'must be an iterable of pairs'],
  ['npzPieces of no pairs', () => (npzPieces as Loose)(['ab']), 'arrays "ab" must give pairs'],
  ['npzPieces of numbers as names', () => (npzPieces as Loose)([[1, numbers]]), 'name 1 must be a text'],
  [
    'npzPieces of a name twice',
    () =>
      npzPieces([
        ['a', numbers],
        ['a', numbers],
      ]),
    'name "a" is given twice',
  ],
  [
    'matPieces of a name twice',
    () =>
      matPieces([
        ['a', numbers],
        ['a', numbers],
      ]),
    'name "a" is given twice',
  ],
  [
    'encodeMat of another name',
    () => encodeMat({ 'a b': numbers }),
    'name "a b" is not a valid name of a MATLAB variable',
  ],
  [
    'encodeMat of a sparse matrix of float32',
    () => encodeMat({ s: { ...sparse, dtype: 'float32', data: Float32Array.of(1, 2) } as unknown as Value }),
    's "float32" is a type that sparse matrices of MATLAB do not have',
  ],
  [
    'encodeNpy of raw numbers',
    () => (encodeNpy as Loose)({ dtype: '<f4', shape: [2], data: Float32Array.of(1, 2) }),
    'array.data "Float32Array of 2 entries" must be a Uint8Array of the 8 bytes',
  ],
  [
    'encodeNpy of no type',
    () => (encodeNpy as Loose)({ dtype: 4, shape: [], data: 1 }),
    'array.dtype 4 must be a text',
  ],
  ['encodeSafetensors', () => (encodeSafetensors as Loose)(), 'tensors undefined must be an array'],
  [
    'encodeSafetensors of numbers',
    () => (encodeSafetensors as Loose)({ tensors: [{ ...tensor, data: Float32Array.of(1, 2) }] }),
    'tensors[0].data "Float32Array of 2 entries" must be a Uint8Array',
  ],
  [
    'encodeSafetensors of nothing',
    () => (encodeSafetensors as Loose)({ tensors: [null] }),
    'tensors[0].data undefined',
  ],
  [
    'encodeSafetensors of a name',
    () => (encodeSafetensors as Loose)({ tensors: [{ ...tensor, name: 5 }] }),
    'tensors[0].name 5 must be a text',
  ],
  [
    'encodeSafetensors of a shape',
    () => (encodeSafetensors as Loose)({ tensors: [{ ...tensor, shape: [Number.NaN] }] }),
    'tensors.a.shape NaN must be an array of whole numbers',
  ],
  [
    'encodeSafetensors of metadata',
    () => (encodeSafetensors as Loose)({ tensors: [tensor], metadata: { step: 1 } }),
    'metadata.step 1 must be a text',
  ],
  ['safetensorsPieces of values', () => (safetensorsPieces as Loose)({ tensors: [numbers] }), 'tensors[0]'],
  [
    'safetensorsPieces of texts',
    () => (safetensorsPieces as Loose)({ tensors: [lazyOf('t', texts as Value)] }),
    'must be an array of numbers',
  ],
  ['encodeTorch', () => (encodeTorch as Loose)(), 'value undefined must be a tensor, a plain value'],
  ['encodeTorch of a function', () => (encodeTorch as Loose)({ f: () => 1 }), 'value.f "a function" must be'],
  [
    'encodeTorch of a class',
    () => (encodeTorch as Loose)({ d: new Date(0) }),
    'value.d "an object (Date)" is an object',
  ],
  [
    'encodeTorch of a key',
    () => (encodeTorch as Loose)(new Map([[{}, 1]])),
    'a key of value "an object (Object)" must be',
  ],
  [
    'torchPieces of a shape',
    () => (torchPieces as Loose)({ w: { ...numbers, shape: [3] } }),
    'value.w.data "Float32Array of 2 entries" must be a Float32Array of 3',
  ],
  ['torchPieces of cycles', () => (torchPieces as Loose)(cyclicList()), 'is nested deeper than 200 levels'],
  ['writeValues of a format', () => (writeValues as Loose)('onnx', []), 'format "onnx" must be a format'],
  [
    'writeValues of values',
    () => (writeValues as Loose)('matlab', { a: 1 }),
    'values "an object (Object)" must be',
  ],
  [
    'writeValues of a value',
    () => (writeValues as Loose)('matlab', [numbers]),
    'values[0] "an object (Object)"',
  ],
  ['streamNpy', () => (streamNpy as Loose)('a.npy'), 'chunks "a.npy" must be an async iterable'],
  ['rows of a stream', async () => (await streamOf()).batches(0), 'rows 0 must be a whole number from 1 up'],
  [
    'bytes of a piece',
    () => lazyOf('a', numbers).pieces({ pieceBytes: Number.NaN }),
    'pieceBytes NaN must be',
  ],
  ['an array to read into', () => (lazyOf('a', numbers).read as Loose)({ into: null }), 'into null must be'],
  ['a part', () => (lazyOf('a', numbers).read as Loose)({ part: null }), 'part'],
];

it.each(calls)('%s is refused where its arguments are wrong', async (_, call, message) => {
  expect(await wrongArgumentOf(call)).toContain(message);
});

function cyclicList(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

async function streamOf(): ReturnType<typeof streamNpy> {
  return streamNpy(
    (async function* () {
      yield encodeNpy(numbers);
    })(),
  );
}

it('a buffer of Node is bytes and an array of bytes', async () => {
  const bytes: NumericArray = { ...numbers, dtype: 'uint8', data: Buffer.from([1, 2]) };
  const read = await readNpy(Buffer.from(encodeNpy(bytes)));
  expect(await read.read({ into: Buffer.alloc(2) })).toMatchObject({ shape: [2] });
});

describe('a compressed value without inflate', () => {
  const missing = 'is compressed, and the option inflate, which opens it, was not passed';
  const files: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['npz', async () => readNpz(await gather(npzPieces([['a', numbers]], { deflate: nodeDeflate })))],
    ['mat', async () => readMat(await gather(matPieces([['a', numbers]], { deflate: nodeDeflate })))],
  ];

  it.each(files)('is refused in %s with what to pass, and the file is not blamed', async (_, open) => {
    const error = await open().catch((refusal: unknown) => refusal);
    expect(FormatError.isInstance(error) && error).toMatchObject({
      isUnsupported: true,
      message: expect.stringContaining(missing) as string,
      hint: expect.stringContaining("import { inflate } from '@holdfast/registry'") as string,
    });
    expect(String(error)).not.toContain('Not valid');
  });
});
