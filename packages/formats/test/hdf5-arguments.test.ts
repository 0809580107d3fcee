import { InvalidValueError } from '@holdfast/domain';
import { describe, expect, it } from 'vitest';
import { encodeHdf5, hdf5Pieces, lazyOf, readHdf5, superblockBytes, type Value } from '../src/index.ts';

const numbers = {
  kind: 'numeric',
  dtype: 'float32',
  shape: [3, 2],
  order: 'row-major',
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
} as const;

async function written(work: () => Parameters<typeof hdf5Pieces>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(hdf5Pieces(...work()), (piece) => piece.slice()));
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (InvalidValueError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('writing HDF5', () => {
  it.each([
    [{ data: new Float32Array(5) }, /a\.data "Float32Array of 5 entries" must be a Float32Array of 6/],
    [{ data: new Float64Array(6) }, /a\.data/],
    [{ shape: [-1] }, /a\.shape -1/],
    [{ shape: [6, ...Array.from({ length: 32 }, () => 1)] }, /a\.shape "33 dimensions" must have at most 32/],
    [{ order: undefined }, /a\.order undefined/],
    [{ kind: 'text', data: ['x'], shape: [2] }, /a\.data x must be an array of 2/],
  ])('refuses %o as it refuses them for other formats', async (wrong, reason) => {
    const value = { ...numbers, ...wrong } as unknown as Value;
    expect(await refusal(() => written(() => [[lazyOf('a', value)]]))).toMatch(reason);
    const given = { ...lazyOf('a', { kind: 'opaque', className: 'x', type: 'x' }), read: async () => value };
    expect(await refusal(() => written(() => [[given]]))).toMatch(reason);
    const root = { kind: 'group', attributes: new Map([['a', value]]), members: new Map() } as const;
    expect(await refusal(() => encodeHdf5(root, superblockBytes))).toMatch(reason);
  });

  it('refuses values and metadata that are none', async () => {
    expect(await refusal(() => written(() => [[numbers as never]]))).toMatch(/must be a value to be read/);
    expect(await refusal(() => written(() => [[], { metadata: { a: 5 as never } }]))).toMatch(
      /attributes\.a\.data\[0\] 5 must be a text/,
    );
  });
});

describe('reading HDF5', () => {
  it('refuses paths, boxes and parts that are none, and names what is wrong', async () => {
    const { root } = await readHdf5(await written(() => [[lazyOf('train/x', numbers)]]));
    const dataset = await root.open('train/x');
    if (dataset?.kind !== 'dataset') throw new Error('The dataset is missing.');
    for (const [work, reason] of [
      [() => root.open(5 as never), /path 5 must be a text/],
      [() => dataset.read('x' as never), /options "x" must be an object/],
      [() => dataset.read({ start: 0, count: 1 } as never), /start 0 must be an array .* 2 in all/],
      [() => dataset.read({ start: [0, 0], count: 1 as never }), /count 1 must be an array/],
      [() => dataset.read({ start: [2, 0], count: [2, 1] }), /count 2,1 .* where \[1, 2\] follow the start/],
      [() => dataset.read({ start: [4, 0] }), /start 4,0 must be inside of a dataset of 3 × 2 entries$/],
      [() => lazyOf('a', numbers).read({ part: 1 as never }), /part 1 must be \{ start, count \}/],
      [() => lazyOf('a', numbers).read({ part: {} as never }), /part "an object \(Object\)" must be/],
    ] as const)
      expect(await refusal(work)).toMatch(reason);
  });

  it('opens the group itself by an empty path and by a slash', async () => {
    const { root } = await readHdf5(await written(() => [[lazyOf('train/x', numbers)]]));
    expect([await root.open('/'), await root.open('')]).toEqual([root, root]);
    const train = await root.open('/train/');
    expect(train?.kind === 'group' && (await train.open('')) === train).toBe(true);
  });
});
