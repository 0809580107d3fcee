import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../test/support/counting-source.ts';
import { expectWithChangedParts, withChangedBytes } from '../test/support/damaged.ts';
import { nodeInflate } from '../test/support/node-inflate.ts';
import {
  encodeMat,
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
  encodeTorch,
  FormatError,
  type Inflate,
  type LazyValue,
  type NumericArray,
  readMat,
  readNpy,
  readNpz,
  readSafetensors,
  readTorch,
  type ByteRangeSource,
  type Value,
} from './index.ts';

const numbers: NumericArray = {
  kind: 'numeric',
  dtype: 'float32',
  shape: [2, 3],
  order: 'row-major',
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};
const texts: Value = { kind: 'text', shape: [2], order: 'column-major', data: ['ab', 'c'] };
const sparse: Value = {
  kind: 'sparse',
  dtype: 'float64',
  shape: [2, 2],
  columnPointers: Int32Array.of(0, 1, 2),
  rowIndices: Int32Array.of(0, 1),
  data: Float64Array.of(1, 2),
};
const cells: Value = { kind: 'cell', shape: [1, 2], order: 'column-major', data: [numbers, texts] };
const record: Value = {
  kind: 'struct',
  shape: [1, 1],
  order: 'column-major',
  fields: [{ name: 'a', values: [cells] }],
};
const mat = encodeMat({ n: numbers, t: texts, s: sparse, r: record });
const table: Value = {
  kind: 'table',
  shape: [2],
  order: 'row-major',
  columns: [
    { name: 'x', value: { ...numbers, shape: [2, 3] } },
    { name: 't', value: texts },
  ],
};

/** Version 5 with one compressed variable. */
function compressedMat(): Uint8Array {
  const plain = encodeMat({ n: numbers });
  const packed = deflateSync(plain.subarray(128));
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  return Uint8Array.from(Buffer.concat([plain.subarray(0, 128), tag, packed]));
}

/** Version 4 with a matrix of numbers and a sparse one. */
function oldMat(): Uint8Array {
  const matrix = (
    type: number,
    [rows, columns]: readonly [number, number],
    data: readonly number[],
  ): Buffer =>
    Buffer.concat([
      Buffer.from(Int32Array.of(type, rows, columns, 0, 4).buffer),
      Buffer.from('abc\0'),
      Buffer.from(Float64Array.from(data).buffer),
    ]);
  return Uint8Array.from(
    Buffer.concat([
      matrix(0, [2, 2], [1, 2, 3, 4]),
      matrix(2, [2, 3], [1, 2, 1, 2, 5, 0]),
      matrix(1, [1, 2], [65, 66]),
    ]),
  );
}

type Open = (source: ByteRangeSource, inflate: Inflate) => Promise<readonly LazyValue[]>;

const readers: readonly (readonly [string, Uint8Array, Open])[] = [
  ['npy', encodeNpy(numbers), async (source) => [await readNpy(source)]],
  ['a structured npy', encodeNpy(table), async (source) => [await readNpy(source)]],
  ['npz', encodeNpz({ a: numbers, b: texts }), (source, inflate) => readNpz(source, { inflate })],
  [
    'safetensors',
    encodeSafetensors({ tensors: [{ name: 'a', dtype: 'F32', shape: [2], data: new Uint8Array(8) }] }),
    async (source) => (await readSafetensors(source)).tensors,
  ],
  ['mat 5', mat, async (source, inflate) => (await readMat(source, { inflate })).variables],
  ['mat 7', compressedMat(), async (source, inflate) => (await readMat(source, { inflate })).variables],
  ['mat 4', oldMat(), async (source) => (await readMat(source)).variables],
  [
    'torch',
    encodeTorch({ epoch: 1, w: numbers, list: ['a', 2n ** 40n, null, 0.5] }),
    async (source) => (await readTorch(source, { unknownGlobals: 'keep' })).tensors,
  ],
];

/** What every reader owes, whatever the bytes: values or a refusal within the file, for a bounded price. */
async function expectBounded(bytes: Uint8Array, open: Open): Promise<void> {
  let inflatedBytes = 0;
  const inflate: Inflate = async (compressed, request) => {
    const piece = await nodeInflate(compressed, request);
    inflatedBytes += piece.length;
    return piece;
  };
  const source = countingSource(bytes);
  const outcome = await readAll(open, source, inflate).catch((error: unknown) => error);
  if (outcome !== undefined && !FormatError.isInstance(outcome)) throw outcome;
  if (outcome !== undefined)
    expect(outcome.offset >= 0 && outcome.offset <= bytes.length ? '' : outcome.message).toBe('');
  expect(source.bytesRead).toBeLessThan(40 * bytes.length + 200_000);
  expect(inflatedBytes).toBeLessThan(1_000_000);
}

async function readAll(open: Open, source: ByteRangeSource, inflate: Inflate): Promise<undefined> {
  for (const value of await open(source, inflate)) await value.read();
  return undefined;
}

const mutationCount = process.env['HOLDFAST_TEST_LONG'] === 'true' ? 20_000 : 300;

describe.each(readers)('a file like %s', (_, sample, open) => {
  it('gives its values', async () => {
    const source = countingSource(sample);
    await readAll(open, source, nodeInflate);
    expect(source.bytesRead).toBeGreaterThan(0);
  });

  it('cut at any length gives values or a refusal', async () => {
    const step = Math.max(1, Math.floor(sample.length / 400));
    for (let length = 0; length < sample.length; length += step)
      await expectBounded(sample.subarray(0, length), open);
  });

  it('with any byte changed gives values or a refusal', async () => {
    for (const bytes of withChangedBytes(sample, 400)) await expectBounded(bytes, open);
  });

  it('with parts overwritten, taken out or doubled gives values or a refusal', async () => {
    const numRuns = mutationCount;
    await expectWithChangedParts(sample, (bytes) => expectBounded(bytes, open), { numRuns });
  });
});
