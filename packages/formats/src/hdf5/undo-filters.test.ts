import { deflateSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeInflate } from '../../test/support/node-inflate.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { filterIds, type Hdf5Filter } from './hdf5-filters.ts';
import { undoFilters } from './undo-filters.ts';
import { shuffle } from './write/shuffle.ts';

const content = Uint8Array.from({ length: 4000 }, (_, index) => index % 7);
const filter = (id: number, ...parameters: number[]): Hdf5Filter => ({
  id,
  name: `number ${id}`,
  parameters,
});
const deflate = filter(filterIds.deflate, 6);
const zstd = filter(filterIds.zstd, 3);

interface Asked {
  readonly bytes: Uint8Array;
  readonly filters: readonly Hdf5Filter[];
  readonly dueBytes?: number;
}

async function undo({ bytes, filters, dueBytes = content.length }: Asked): Promise<Uint8Array> {
  const chunk = { bytes, at: 512, mask: 0, dueBytes, itemBytes: 4 };
  return undoFilters(chunk, filters, { inflate: nodeInflate });
}

/** The sizes that lz4 and bitshuffle state before their blocks. */
function framed(sizeBytes: bigint, blockBytes: number, ...rest: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + rest.length);
  new DataView(bytes.buffer).setBigUint64(0, sizeBytes);
  new DataView(bytes.buffer).setUint32(8, blockBytes);
  bytes.set(rest, 12);
  return bytes;
}

describe('the filters of a chunk', () => {
  it('are undone one after the other, of several compressions too', async () => {
    const twice = deflateSync(zstdCompressSync(shuffle(content, 4)));
    expect(await undo({ bytes: twice, filters: [filter(filterIds.shuffle, 4), zstd, deflate] })).toEqual(
      content,
    );
  });

  it.each([
    ['deflate that claims too much', deflateSync(content), [deflate], 2 ** 32 - 1],
    ['zstd that claims too much', zstdCompressSync(content), [zstd], 2 ** 40],
    [
      'deflate inside of deflate that makes more than is due',
      deflateSync(deflateSync(new Uint8Array(10 ** 6))),
      [deflate, deflate],
      4000,
    ],
    ['lz4 that claims a terabyte', framed(2n ** 40n, 65_536, 0, 0, 0, 1, 0), [filter(filterIds.lz4)], 4000],
    ['lz4 whose blocks have no size', framed(4000n, 0), [filter(filterIds.lz4)], 4000],
    [
      'lz4 with a copy from before its beginning',
      framed(4000n, 4000, 0, 0, 0, 4, 0x0f, 9, 0, 0),
      [filter(filterIds.lz4)],
      4000,
    ],
    [
      'bitshuffle that claims a terabyte',
      framed(2n ** 40n, 8192),
      [filter(filterIds.bitshuffle, 0, 0, 4, 0, 2)],
      4000,
    ],
    [
      'bitshuffle whose blocks have no size',
      framed(4000n, 0),
      [filter(filterIds.bitshuffle, 0, 0, 4, 0, 2)],
      4000,
    ],
    ['bitshuffle of elements without bytes', content, [filter(filterIds.bitshuffle, 0, 0, 0, 0, 0)], 4000],
    [
      'nbit of more elements than are due',
      content,
      [filter(filterIds.nbit, 8, 0, 2 ** 32 - 1, 1, 4, 0, 1, 0)],
      4000,
    ],
    [
      'nbit of types without an end',
      content,
      [filter(filterIds.nbit, 99, 0, 1000, ...Array.from({ length: 80 }, () => [2, 4]).flat())],
      4000,
    ],
    [
      'nbit of bits outside of their bytes',
      content,
      [filter(filterIds.nbit, 8, 0, 1000, 1, 4, 0, 30, 9)],
      4000,
    ],
    [
      'scaleoffset of more elements than are due',
      new Uint8Array(30),
      [filter(filterIds.scaleoffset, 2, 0, 2 ** 31, 0, 4, 0, 0, 0)],
      4000,
    ],
    [
      'scaleoffset of more bits than an element has',
      Uint8Array.of(99, ...new Uint8Array(100)),
      [filter(filterIds.scaleoffset, 2, 0, 1000, 0, 4, 0, 0, 0)],
      4000,
    ],
    [
      'scaleoffset that is cut',
      Uint8Array.of(9, 0, 0, 0, 8, ...new Uint8Array(100)),
      [filter(filterIds.scaleoffset, 2, 0, 1000, 0, 4, 0, 0, 0)],
      4000,
    ],
    ['a check sum without room', Uint8Array.of(1, 2), [filter(filterIds.fletcher32)], 4000],
  ] as const)('refuse %s', async (...[, bytes, filters, dueBytes]) => {
    const refusal = await refusalOf(() => undo({ bytes, filters, dueBytes }));
    expect(refusal).toMatchObject({ format: 'hdf5', offset: 512, isUnsupported: false });
  });

  it.each([
    [{ id: 4, name: 'szip', parameters: [] }, 'the filter szip (number 4) is not read'],
    [{ id: 32_026, name: 'blosc2', parameters: [] }, 'the filter blosc2 (number 32026) is not read'],
  ])('that are not known are refused by name, with the way out', async (unknown, reason) => {
    const refusal = await refusalOf(() => undo({ bytes: content, filters: [unknown] }));
    expect(refusal).toMatchObject({ reason, isUnsupported: true });
    expect(refusal.hint).toContain('h5repack -f SHUF -f GZIP=4 OLD NEW');
  });

  it('need an inflate for deflate and zstd, and say so', async () => {
    const chunk = { bytes: content, at: 0, mask: 0, dueBytes: content.length, itemBytes: 4 };
    expect((await refusalOf(() => undoFilters(chunk, [deflate], {}))).reason).toContain('the option inflate');
  });
});
