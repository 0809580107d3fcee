import { InvalidValueError } from '@holdfast/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { bytesSource, detectFormat, encodeNpy, inspect, type NpyArray } from '../index.ts';

/** An array file with a header written by hand. */
function npy(header: string, options: { version?: number; dataBytes?: number } = {}): Uint8Array {
  const text = new TextEncoder().encode(header);
  const version = options.version ?? 1;
  const length =
    version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    ...length,
    ...text,
    ...new Uint8Array(options.dataBytes ?? 0),
  ]);
}

describe('a .npy file', () => {
  it('is described', async () => {
    const bytes = encodeNpy({ dtype: '<f4', shape: [2, 3], data: new Uint8Array(24), isFortranOrder: true });
    expect(bytes.length).toBe(128 + 24);
    expect(await inspect(bytesSource(bytes))).toEqual({
      format: 'numpy',
      sizeBytes: 152,
      evidence: ['The NumPy signature at byte 0, version 1.0, and a header that fits the file.'],
      summary: {
        version: '1.0',
        dtype: '<f4',
        shape: [2, 3],
        fortranOrder: true,
        elementCount: 6,
        hasObjects: false,
      },
      tensors: [
        {
          name: '',
          dtype: '<f4',
          elementType: 'float32',
          shape: [2, 3],
          byteRange: { start: 128, end: 152 },
        },
      ],
    });
  });

  it('round-trips', async () => {
    const dtype = fc.constantFrom('<f4', '>f8', '|b1', '<i2', '<u8', '<c16', '<U3', '|S5', '<M8[ns]', '|V7');
    await fc.assert(
      fc.asyncProperty(
        dtype,
        fc.array(fc.nat(5), { maxLength: 5 }),
        fc.boolean(),
        async (type, shape, isFortranOrder) => {
          const count = shape.reduce((total, extent) => total * extent, 1);
          const itemBytes =
            {
              '<f4': 4,
              '>f8': 8,
              '|b1': 1,
              '<i2': 2,
              '<u8': 8,
              '<c16': 16,
              '<U3': 12,
              '|S5': 5,
              '<M8[ns]': 8,
              '|V7': 7,
            }[type] ?? 0;
          const bytes = encodeNpy({
            dtype: type,
            shape,
            data: new Uint8Array(count * itemBytes).fill(1),
            isFortranOrder,
          });
          const result = await inspect(bytesSource(bytes), { format: 'numpy' });
          expect(result.summary).toMatchObject({ dtype: type, shape, fortranOrder: isFortranOrder });
          expect(result.tensors?.[0]?.byteRange).toEqual({
            start: bytes.length - count * itemBytes,
            end: bytes.length,
          });
        },
      ),
    );
  });

  it('cut anywhere after its signature is refused with its end as the offset', async () => {
    const bytes = encodeNpy({ dtype: '<i4', shape: [3], data: new Uint8Array(12) });
    for (let length = 6; length < bytes.length; length += 1) {
      const error = await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, length))));
      expect(error).toMatchObject({ format: 'numpy', offset: length });
    }
    expect(await detectFormat(bytesSource(bytes.subarray(0, 5)))).toMatchObject({ format: 'binary' });
  });

  it.each<[string, string, object]>([
    [
      'a structured type',
      "{'descr': [('x', '<f8'), ('name', '<U8', (2,)), (('A title', 'n'), '|i1')], 'fortran_order': False, 'shape': (2,)}",
      {
        dtype: "[('x', '<f8'), ('name', '<U8', (2,)), (('A title', 'n'), '|i1')]",
        shape: [2],
        elementCount: 2,
      },
    ],
    [
      'a structured type within another',
      "{'descr': [('a', [('b', '<i4'), ('', '|V4')])], 'fortran_order': False, 'shape': (1,), }",
      { dtype: "[('a', [('b', '<i4'), ('', '|V4')])]" },
    ],
    [
      'long numbers of Python 2',
      "{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<i4'}",
      { shape: [2, 3] },
    ],
    ['a scalar', '{"descr": "<i4", "fortran_order": False, "shape": ()}', { shape: [], elementCount: 1 }],
  ])('may have %s', async (_, header, summary) => {
    expect((await inspect(bytesSource(npy(header, { dataBytes: 200 })))).summary).toMatchObject(summary);
  });

  it.each([1, 2, 3])('may be of version %i', async (version) => {
    const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,)}";
    expect((await inspect(bytesSource(npy(header, { version, dataBytes: 4 })))).summary).toMatchObject({
      version: `${version}.0`,
    });
  });

  it('of objects is marked: it holds a pickle that nobody scanned', async () => {
    const bytes = npy("{'descr': '|O', 'fortran_order': False, 'shape': (4,)}", { dataBytes: 5 });
    const result = await inspect(bytesSource(bytes));
    expect(result).toMatchObject({
      format: 'numpy',
      summary: { hasObjects: true },
      scan: { verdict: 'unscanned' },
    });
    expect(result.tensors?.[0]?.byteRange).toBeUndefined();
  });

  it('with objects in one field of a structured type is marked as well', async () => {
    const bytes = npy(
      "{'descr': [('a', '<i4'), ('b', [('c', 'O')])], 'fortran_order': False, 'shape': (4,)}",
    );
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({ scan: { verdict: 'unscanned' } });
  });

  it('with something after the array says so', async () => {
    const bytes = Uint8Array.from([
      ...encodeNpy({ dtype: '|u1', shape: [1], data: new Uint8Array(1) }),
      1,
      2,
    ]);
    expect((await inspect(bytesSource(bytes))).warnings?.[0]).toMatchObject({ code: 'trailing-bytes' });
  });

  it.each<[string, string, number, RegExp]>([
    [
      'a call',
      "{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (1,)}",
      20,
      /no literal/,
    ],
    ['a missing key', "{'descr': '<i4', 'shape': (1,)}", 10, /does not state/],
    [
      'a key too many',
      "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
      10,
      /does not state/,
    ],
    [
      'a key given twice',
      "{'descr': '<i4', 'descr': '<i8', 'fortran_order': False, 'shape': (1,)}",
      27,
      /given twice/,
    ],
    ['a negative extent', "{'descr': '<i4', 'fortran_order': False, 'shape': (-1,)}", 10, /does not state/],
    [
      'a shape that is a number',
      "{'descr': '<i4', 'fortran_order': False, 'shape': 3}",
      10,
      /does not state/,
    ],
    [
      'an overflow',
      "{'descr': '<i4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      10,
      /overflows/,
    ],
    [
      'a type that is no type',
      "{'descr': 'os.system(1)', 'fortran_order': False, 'shape': (1,)}",
      10,
      /is not an element type/,
    ],
    ['nesting without end', `{'descr': ${'['.repeat(500)}`, 84, /nested deeper/],
    ['a text that does not end', "{'descr': '<i4", 20, /does not end/],
    [
      'something after the dictionary',
      "{'descr': '<i4', 'fortran_order': False, 'shape': (1,)} x",
      66,
      /follows/,
    ],
  ])('with %s is refused with the offset', async (...[, header, offset, reason]) => {
    const error = await refusalOf(() => detectFormat(bytesSource(npy(header, { dataBytes: 16 }))));
    expect(error).toMatchObject({ format: 'numpy', offset });
    expect(error.reason).toMatch(reason);
  });

  it.each(['<f1', '<q4', '|T16', "[('a', '<f8'), ('b', '<f1', (2,))]"])(
    'of a type that only an extension of NumPy knows is described: %s',
    async (type) => {
      const descr = type.startsWith('[') ? type : `'${type}'`;
      const bytes = npy(`{'descr': ${descr}, 'fortran_order': False, 'shape': (3,)}`, { dataBytes: 3 });
      expect(await inspect(bytesSource(bytes))).toMatchObject({
        format: 'numpy',
        summary: { dtype: type, shape: [3] },
        warnings: [{ code: 'unknown-element-type' }],
      });
    },
  );

  it('of a later version, or with an absurd header, is described in less detail', async () => {
    expect(await inspect(bytesSource(npy('{}', { version: 4 })))).toMatchObject({
      format: 'numpy',
      warnings: [{ code: 'detail-limited' }],
    });
    const absurd = Uint8Array.from([
      0x93,
      ...new TextEncoder().encode('NUMPY'),
      2,
      0,
      0xff,
      0xff,
      0xff,
      0xff,
    ]);
    const source = countingSource({ sizeBytes: 2 ** 33, parts: new Map([[0, absurd]]) });
    expect(await detectFormat(source)).toMatchObject({ format: 'numpy' });
    expect(source.bytesRead).toBeLessThan(8192);
  });
});

describe('encodeNpy', () => {
  it.each<[string, NpyArray]>([
    ['objects', { dtype: '|O', shape: [1], data: new Uint8Array(8) }],
    ['an unknown type', { dtype: 'float32', shape: [1], data: new Uint8Array(4) }],
    ['data of the wrong length', { dtype: '<f4', shape: [2], data: new Uint8Array(4) }],
    ['a broken shape', { dtype: '<f4', shape: [1.5], data: new Uint8Array(6) }],
  ])('refuses %s', (_, array) => {
    expect(() => encodeNpy(array)).toThrow(InvalidValueError);
  });

  it('writes version 2 where the header is too long for version 1', async () => {
    const shape = Array.from({ length: 25_000 }, () => 1);
    const bytes = encodeNpy({ dtype: '|u1', shape, data: new Uint8Array(1) });
    expect((await inspect(bytesSource(bytes))).summary).toMatchObject({ version: '2.0', elementCount: 1 });
  });
});
