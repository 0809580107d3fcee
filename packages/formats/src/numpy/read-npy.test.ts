import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { gather } from '../../test/support/gather.ts';
import { nodeDeflate, nodeInflate } from '../../test/support/node-inflate.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  encodeNpy,
  encodeNpz,
  isLazyArray,
  type LazyArray,
  npzPieces,
  type NumericArray,
  readNpy,
  readNpz,
  streamNpy,
} from '../index.ts';

const data = Float64Array.from({ length: 12 }, (_, index) => index * 1.5);
const array: NumericArray = { kind: 'numeric', dtype: 'float64', shape: [4, 3], order: 'row-major', data };
const bigEndian = encodeNpy({
  dtype: '>f8',
  shape: [4, 3],
  data: new Uint8Array(data.buffer).toReversed(),
});

async function opened(bytes: Uint8Array): Promise<LazyArray> {
  const value = await readNpy(bytes);
  if (!isLazyArray(value)) throw new Error('not numeric');
  return value;
}

describe('an array of a file', () => {
  it('is read in part, and costs only that part', async () => {
    const source = countingSource(encodeNpy({ ...array, shape: [12], data: Float64Array.from(data) }));
    const value = await readNpy(source);
    const before = source.bytesRead;
    expect(await value.read({ part: { start: 2, count: 3 } })).toEqual({
      kind: 'numeric',
      dtype: 'float64',
      shape: [3],
      order: 'row-major',
      data: Float64Array.of(3, 4.5, 6),
    });
    expect(source.bytesRead - before).toBe(24);
  });

  it('of column-major order is read in part along its last dimension', async () => {
    const value = await readNpy(encodeNpy({ ...array, order: 'column-major' }));
    expect(await value.read({ part: { start: 1, count: 1 } })).toMatchObject({
      shape: [4, 1],
      data: data.subarray(4, 8),
    });
  });

  it('is read into an array of the caller, in both byte orders', async () => {
    const into = new Float64Array(12);
    const little = await (await opened(encodeNpy(array))).read({ into });
    expect(little.data).toBe(into);
    expect(into).toEqual(data);
    await (await opened(bigEndian)).read({ into });
    expect(into).toEqual(data.toReversed());
  });

  it('is a view of bytes in memory where they are aligned', async () => {
    const bytes = encodeNpy(array);
    expect((await (await opened(bytes)).read()).data.buffer).toBe(bytes.buffer);
  });

  it('comes in pieces of little-endian bytes', async () => {
    const due = new Uint8Array(data.buffer);
    expect(await gather((await opened(encodeNpy(array))).pieces({ pieceBytes: 20 }))).toEqual(due);
    expect(await gather((await opened(bigEndian)).pieces({ pieceBytes: 16 }))).toEqual(
      new Uint8Array(data.toReversed().buffer),
    );
  });

  it.each([
    [
      { into: new Float32Array(12) },
      'into "Float32Array of 12 entries" must be a Float64Array of 12 entries',
    ],
    [
      { into: new Float64Array(11) },
      'into "Float64Array of 11 entries" must be a Float64Array of 12 entries',
    ],
    [{ part: { start: 3, count: 2 } }, 'part "3+2" reaches outside of the 4 entries of the array'],
    [{ part: { start: -1, count: 2 } }, 'part "-1+2" reaches outside of the 4 entries of the array'],
  ])('refuses %j', async (options, message) => {
    await expect((await opened(encodeNpy(array))).read(options)).rejects.toThrow(message);
  });

  it('gives up when asked to', async () => {
    const value = await readNpy(countingSource(encodeNpy(array)));
    const seen: unknown[] = [];
    const source = {
      sizeBytes: 1000,
      read: async (_: number, __: number, options: unknown) => (seen.push(options), new Uint8Array(0)),
    };
    const signal = AbortSignal.abort();
    await expect(readNpy(source, { signal })).rejects.toThrow('aborted');
    await value.read({ signal });
  });
});

describe('an archive of arrays', () => {
  it('is listed for a few kilobytes, and each array read alone', async () => {
    const large = { ...array, shape: [100_000, 3], data: new Float64Array(300_000) };
    const source = countingSource(encodeNpz({ a: large, b: large, c: array }));
    const arrays = await readNpz(source);
    expect(arrays.map(({ name, shape }) => [name, shape])).toEqual([
      ['a', [100_000, 3]],
      ['b', [100_000, 3]],
      ['c', [4, 3]],
    ]);
    expect(source.bytesRead).toBeLessThan(100_000);
    expect(await arrays[2]?.read()).toEqual(array);
  });

  it.each(['stored', 'deflated'])(
    'that is %s and was changed is refused when an array is read',
    async (form) => {
      const deflate = form === 'deflated' ? { deflate: nodeDeflate } : {};
      const bytes = await gather(
        npzPieces(
          [
            ['a', array],
            ['b', array],
          ],
          deflate,
        ),
      );
      const at = Buffer.from(bytes).indexOf('PK\x03\x04', 4, 'latin1') - 3;
      const arrays = await readNpz(bytes.with(at, (bytes[at] ?? 0) ^ 1), { inflate: nodeInflate });
      const { format, reason } = await refusalOf(async () => arrays[0]?.read());
      expect([format, reason]).toEqual([
        'numpy_archive',
        expect.stringMatching(/"a\.npy" (?:has another check sum|cannot be inflated|does not hold)/),
      ]);
      expect(await arrays[1]?.read()).toEqual(array);
    },
  );

  it('that is deflated needs the means to inflate', async () => {
    const bytes = await gather(npzPieces([['a', array]], { deflate: nodeDeflate }));
    const { reason } = await refusalOf(() => readNpz(bytes));
    expect(reason).toContain('"a.npy" is compressed, and the option inflate, which opens it, was not passed');
  });

  it('with an array that claims more than deflate can hold is refused before anything is inflated', async () => {
    const bytes = await gather(npzPieces([['a', array]], { deflate: nodeDeflate }));
    const directory = Buffer.from(bytes).lastIndexOf('PK\x01\x02', undefined, 'latin1');
    new DataView(bytes.buffer).setUint32(directory + 24, 0xffff_0000, true);
    let inflatedBytes = 0;
    const { reason } = await refusalOf(async () => {
      const arrays = await readNpz(bytes, {
        inflate: async (compressed, request) => {
          inflatedBytes = Math.max(inflatedBytes, request.limitBytes);
          return nodeInflate(compressed, request);
        },
      });
      return arrays[0]?.read();
    });
    expect(reason).toContain('which deflate cannot do');
    expect(inflatedBytes).toBeLessThan(2_000_000);
  });

  it('of the same arrays is the same bytes, and names an array once', async () => {
    expect(encodeNpz({ a: array })).toEqual(encodeNpz({ a: array }));
    const twice = [
      ['a', array],
      ['a', array],
    ] as const;
    await expect(gather(npzPieces(twice))).rejects.toThrow('name "a" is given twice');
  });
});

it('a text with many zeros inside is read in time proportional to its length', async () => {
  const text = `a${'\0'.repeat(400_000)}b`;
  const bytes = encodeNpy({ kind: 'text', shape: [2], order: 'row-major', data: [text, ''] });
  const value = await (await readNpy(bytes)).read();
  expect(value.kind === 'text' && value.data[0] === text && value.data[1]).toBe('');
});

describe('a value that NumPy has no type for', () => {
  it.each([
    [
      { ...array, dtype: 'bfloat16', data: new Uint16Array(12) } as const,
      'array "bfloat16" is a type that NumPy does not have',
    ],
    [
      { kind: 'cell', shape: [0], order: 'row-major', data: [] } as const,
      'is of a kind that NumPy can store only as Python objects',
    ],
  ])('is refused', (value, message) => {
    expect(() => encodeNpy(value)).toThrow(message);
  });
});

describe('a stream', () => {
  it('that ends too early is refused with the row', async () => {
    const bytes = encodeNpy(array);
    const stream = await streamNpy(pieces(bytes.subarray(0, bytes.length - 30)));
    const { reason, offset } = await refusalOf(async () => {
      for await (const batch of stream.batches(1)) expect(batch).toMatchObject({ shape: [1, 3] });
    });
    expect(reason).toBe('the stream ends in batch 2, at row 2');
    expect(offset).toBe(bytes.length - 30);
  });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 7) yield bytes.slice(offset, offset + 7);
}
