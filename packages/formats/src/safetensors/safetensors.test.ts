import { InvalidValueError } from '@holdfast/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  bytesSource,
  detectFormat,
  encodeSafetensors,
  inspect,
  type SafetensorsTensor,
  tensorsOf,
} from '../index.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';

function file(header: unknown, dataBytes = 0, headerBytes?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const pair = { dtype: 'U8', shape: [2], data_offsets: [0, 2] };

describe('a safetensors file', () => {
  it('is described tensor by tensor, with its metadata', async () => {
    const bytes = encodeSafetensors({
      tensors: [
        { name: 'bias', dtype: 'F16', shape: [3], data: new Uint8Array(6) },
        { name: 'weight', dtype: 'F32', shape: [2, 3], data: new Uint8Array(24) },
        { name: 'scale', dtype: 'F64', shape: [], data: new Uint8Array(8) },
      ],
      metadata: { format: 'pt' },
    });
    const result = await inspect(bytesSource(bytes));
    const dataStart = bytes.length - 38;
    expect(result).toMatchObject({
      format: 'safetensors',
      sizeBytes: bytes.length,
      summary: { tensorCount: 3, parameterCount: 10, dtypes: ['F16', 'F32', 'F64'] },
      metadata: { format: 'pt' },
    });
    expect(result.tensors).toEqual([
      {
        name: 'scale',
        dtype: 'F64',
        elementType: 'float64',
        shape: [],
        byteRange: { start: dataStart, end: dataStart + 8 },
      },
      {
        name: 'weight',
        dtype: 'F32',
        elementType: 'float32',
        shape: [2, 3],
        byteRange: { start: dataStart + 8, end: dataStart + 32 },
      },
      {
        name: 'bias',
        dtype: 'F16',
        elementType: 'float16',
        shape: [3],
        byteRange: { start: dataStart + 32, end: dataStart + 38 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('round-trips whatever it is given', async () => {
    const dtypes = [...safetensorsDtypes].filter(([, { bitsPerElement }]) => bitsPerElement >= 8);
    const tensor = fc.record({
      name: fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
      dtype: fc.constantFrom(...dtypes),
      shape: fc.array(fc.nat(4), { maxLength: 4 }),
    });
    const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(tensor, { selector: ({ name }) => name }),
        metadata,
        async (given, texts) => {
          const tensors = given.map(
            ({ name, dtype: [dtype, { bitsPerElement }], shape }): SafetensorsTensor => {
              const count = shape.reduce((total, extent) => total * extent, 1);
              return {
                name,
                dtype,
                shape,
                data: new Uint8Array((count * bitsPerElement) / 8).fill(name.length),
              };
            },
          );
          const bytes = encodeSafetensors({ tensors, metadata: texts });
          const result = await inspect(bytesSource(bytes), { format: 'safetensors' });
          expect(result.metadata).toEqual({ ...texts });
          expect(result.tensors).toHaveLength(tensors.length);
          for (const { name, dtype, shape, data } of tensors) {
            const found = result.tensors?.find((candidate) => candidate.name === name);
            expect(found).toMatchObject({ dtype, shape });
            expect(bytes.subarray(found?.byteRange?.start, found?.byteRange?.end)).toEqual(data);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is refused wherever it is cut after the first brace, with its end as the offset', async () => {
    const bytes = encodeSafetensors({
      tensors: [{ name: 'weight', dtype: 'F32', shape: [2], data: new Uint8Array(8) }],
    });
    for (let length = 9; length < bytes.length; length += 1) {
      const error = await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, length))));
      expect(error).toMatchObject({ format: 'safetensors', offset: length });
    }
    for (let length = 0; length < 9; length += 1) {
      expect(await detectFormat(bytesSource(bytes.subarray(0, length)))).toMatchObject({ format: 'binary' });
    }
  });

  it.each<[string, Uint8Array, number, RegExp]>([
    ['a hole', file({ a: { ...pair, data_offsets: [1, 3] } }, 3), 9, /hole/],
    ['an overlap', file({ a: pair, b: { ...pair, data_offsets: [1, 3] } }, 3), 61, /overlaps/],
    ['bytes that belong to nothing', file({ a: pair }, 3), 63, /1 bytes follow/],
    ['a header alone with data after it', file({}, 4), 10, /4 bytes follow/],
    [
      'a key given twice',
      file(`{"a":${JSON.stringify(pair)},"a":${JSON.stringify(pair)}}`, 2),
      61,
      /given twice/,
    ],
    ['a metadata key given twice', file('{"__metadata__":{"k":"1","k":"2"}}'), 33, /given twice/],
    ['metadata that is no text', file({ __metadata__: { k: 1 } }), 29, /" is due/],
    ['an unknown dtype', file({ a: { ...pair, dtype: 'C128' } }, 2), 14, /C128/],
    ['a size that is not the shape', file({ a: { ...pair, shape: [3] } }, 2), 9, /needs 3 bytes and has 2/],
    [
      'a fraction as an extent',
      file('{"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}', 2),
      36,
      /whole number/,
    ],
    ['a negative extent', file({ a: { ...pair, shape: [-2] } }, 2), 36, /whole number/],
    ['a product that overflows', file({ a: { ...pair, shape: [2 ** 31, 2 ** 31] } }, 2), 9, /overflows/],
    [
      'a product that overflows before it is nothing',
      file({ a: { ...pair, shape: [2 ** 31, 2 ** 31, 0], data_offsets: [0, 0] } }),
      9,
      /overflows/,
    ],
    ['half a byte', file({ a: { dtype: 'F4', shape: [3], data_offsets: [0, 2] } }, 2), 9, /whole bytes/],
    ['offsets that go back', file({ a: { ...pair, data_offsets: [2, 0] } }, 2), 9, /data_offsets/],
    ['three offsets', file({ a: { ...pair, data_offsets: [0, 2, 2] } }, 2), 9, /data_offsets/],
    ['no dtype', file({ a: { shape: [2], data_offsets: [0, 2] } }, 2), 9, /no dtype/],
    ['something after the header', file(`{"a":${JSON.stringify(pair)}}x`, 2), 61, /follows/],
    ['half a surrogate pair', file('{"\\ud800":{}}'), 10, /surrogate/],
    ['a length over the limit', file({ a: pair }, 2, 100_000_001), 0, /100000001/],
    ['an absurd length', file({ a: pair }, 2, Number.MAX_SAFE_INTEGER), 0, /claims/],
    ['a length that reaches past the end', file({ a: pair }, 2, 1000), 63, /ends within/],
  ])('with %s is refused with the offset', async (...[, bytes, offset, reason]) => {
    const error = await refusalOf(() => detectFormat(bytesSource(bytes)));
    expect(error).toMatchObject({ format: 'safetensors', offset });
    expect(error.reason).toMatch(reason);
  });

  it('may hold no tensors, unknown keys, empty tensors between others, and padding', async () => {
    const header = {
      a: { ...pair, note: [1] },
      z: { dtype: 'U8', shape: [0], data_offsets: [2, 2] },
      __metadata__: null,
    };
    expect(await detectFormat(bytesSource(file('{}')))).toMatchObject({ format: 'safetensors' });
    expect(await detectFormat(bytesSource(file(`${JSON.stringify(header)}   `, 2)))).toMatchObject({
      format: 'safetensors',
    });
  });

  it('is read by its header alone, however large its data', async () => {
    const bytes = file({ a: { dtype: 'U8', shape: [2 ** 40], data_offsets: [0, 2 ** 40] } });
    const source = countingSource({ sizeBytes: bytes.length + 2 ** 40, parts: new Map([[0, bytes]]) });
    expect(await inspect(source)).toMatchObject({ summary: { parameterCount: 2 ** 40 } });
    expect(source.bytesRead).toBeLessThan(8192);
  });

  it('costs nothing where the header claims more than there is', async () => {
    const source = countingSource(file('{"a":', 0, 90_000_000));
    await refusalOf(() => inspect(source));
    expect(source.bytesRead).toBeLessThan(8192);
  });

  it('with very many tensors is described, which nothing quadratic would end in time', async () => {
    const tensors = Array.from({ length: 200_000 }, (_, index) => ({
      name: `layer.${index}.weight`,
      dtype: 'F32',
      shape: [2],
      data: new Uint8Array(8),
    }));
    const bytes = encodeSafetensors({ tensors });
    const inspection = await inspect(bytesSource(bytes));
    expect(inspection).toMatchObject({ summary: { tensorCount: 200_000, parameterCount: 400_000 } });
    expect(inspection.tensors).toHaveLength(1_000);
    const names = new Set(Array.from(tensorsOf(inspection), ({ name }) => name));
    expect(names.size).toBe(200_000);
    expect(JSON.stringify(inspection).length).toBeLessThan(200_000);
  });
});

describe('other content', () => {
  it.each([
    ['a length and a brace, and then no key', Uint8Array.from([16, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x01, 0x02])],
    ['JSON', new TextEncoder().encode('{"dtype": "F32"}')],
    ['an absurd length before a brace', Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 0x7b, 0x22, 0x61])],
  ])('is not taken for safetensors: %s', async (_, bytes) => {
    expect((await detectFormat(bytesSource(bytes))).format).not.toBe('safetensors');
  });
});

describe('encodeSafetensors', () => {
  it('aligns the data to eight bytes', () => {
    const bytes = encodeSafetensors({
      tensors: [{ name: 'x', dtype: 'F64', shape: [], data: new Uint8Array(8) }],
    });
    expect((bytes.length - 8) % 8).toBe(0);
  });

  it.each<[string, SafetensorsTensor[]]>([
    ['data of the wrong length', [{ name: 'a', dtype: 'F32', shape: [2], data: new Uint8Array(7) }]],
    ['an unknown dtype', [{ name: 'a', dtype: 'float32', shape: [2], data: new Uint8Array(8) }]],
    ['the reserved name', [{ name: '__metadata__', dtype: 'U8', shape: [1], data: new Uint8Array(1) }]],
    ['a negative extent', [{ name: 'a', dtype: 'U8', shape: [-1], data: new Uint8Array(1) }]],
    [
      'a name given twice',
      Array.from({ length: 2 }, () => ({ name: 'a', dtype: 'U8', shape: [1], data: new Uint8Array(1) })),
    ],
  ])('refuses %s', (_, tensors) => {
    expect(() => encodeSafetensors({ tensors })).toThrow(InvalidValueError);
  });
});
