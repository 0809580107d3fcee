import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOfElements,
  elementAt,
  elementLayout,
  elementsOfBytes,
  makeElements,
  toRowMajor,
} from '../index.ts';
import { type ElementType, elementTypes } from './element-type.ts';
import type { NumericArray } from './value.ts';

describe('elements of bytes', () => {
  it('are a view where alignment and byte order allow it', () => {
    const bytes = new Uint8Array(64);
    expect(elementsOfBytes('float64', bytes.subarray(8, 24), 'little').buffer).toBe(bytes.buffer);
    expect(elementsOfBytes('float64', bytes.subarray(4, 20), 'little').buffer).not.toBe(bytes.buffer);
    expect(elementsOfBytes('float64', bytes.subarray(8, 24), 'big').buffer).not.toBe(bytes.buffer);
    expect(elementsOfBytes('uint8', bytes.subarray(3, 24), 'big').buffer).toBe(bytes.buffer);
  });

  it('are a copy of a Buffer too, whose bytes stay as they are', () => {
    const bytes = Buffer.from([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]).subarray(4);
    expect(elementsOfBytes('uint16', bytes, 'big')).toEqual(Uint16Array.of(0x0102, 0x0304, 0x0506, 0x0708));
    expect(elementsOfBytes('uint64', bytes, 'little')).toEqual(BigUint64Array.of(0x0807060504030201n));
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(elementTypes)('of %s come back in both byte orders', (type) => {
    const { bits } = elementLayout(type);
    const bytes = Uint8Array.from({ length: Math.ceil(bits / 8) * 5 }, (_, index) => index * 7);
    for (const order of ['little', 'big'] as const)
      expect(bytesOfElements(type, elementsOfBytes(type, bytes, order), order)).toEqual(bytes);
    expect(makeElements(type, 24).byteLength).toBe((bits * 24) / 8);
  });

  it('in big-endian order have the reverse of their bytes, part by part', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    expect(
      bytesOfElements('complex64', elementsOfBytes('complex64', bytes, 'big'), 'little').subarray(0, 8),
    ).toEqual(Uint8Array.of(3, 2, 1, 0, 7, 6, 5, 4));
    expect(bytesOfElements('float128', elementsOfBytes('float128', bytes, 'big'), 'little')).toEqual(
      bytes.toReversed(),
    );
  });
});

describe('an element', () => {
  const at = (dtype: ElementType, ...bits: number[]): unknown[] => {
    const data = makeElements(dtype, bits.length) as Uint16Array;
    data.set(bits);
    return bits.map((_, index) => elementAt({ dtype, data }, index));
  };

  it('of a type without an array in JavaScript is decoded from its bits', () => {
    expect(at('float16', 0x3c00, 0x8000, 0x0001, 0x7bff, 0xfc00, 0x7e00)).toEqual([
      1,
      -0,
      2 ** -24,
      65_504,
      -Infinity,
      NaN,
    ]);
    expect(at('bfloat16', 0x3f80, 0x7f80, 0xff81, 0x0001)).toEqual([1, Infinity, NaN, 2 ** -133]);
    expect(at('float8_e4m3fn', 0x7e, 0x7f, 0x01, 0x80)).toEqual([448, NaN, 2 ** -9, -0]);
    expect(at('float8_e5m2fnuz', 0x80, 0x7f)).toEqual([NaN, 57_344]);
    expect(at('float8_e8m0', 127, 255, 0)).toEqual([1, NaN, 2 ** -127]);
    expect(at('bool', 0, 1)).toEqual([false, true]);
  });

  it('of a packed type starts at the lowest bits', () => {
    const data = Uint8Array.of(0x21, 0x83);
    expect([0, 1, 2, 3].map((index) => elementAt({ dtype: 'float4_e2m1', data }, index))).toEqual([
      0.5, 1, 1.5, -0,
    ]);
  });

  it('is a complex number, a bigint or bytes where that is exact', () => {
    expect(elementAt({ dtype: 'complex128', data: Float64Array.of(1, 2, 3, 4) }, 1)).toEqual({
      real: 3,
      imaginary: 4,
    });
    expect(elementAt({ dtype: 'int64', data: BigInt64Array.of(-(2n ** 62n)) }, 0)).toBe(-(2n ** 62n));
    expect(elementAt({ dtype: 'float128', data: new Uint8Array(32).fill(7, 16) }, 1)).toEqual(
      new Uint8Array(16).fill(7),
    );
  });
});

describe('an array in column-major order', () => {
  it('has the same elements in row-major order', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.constantFrom<ElementType>('int32', 'complex64', 'float128'), (shape, dtype) => {
        const count = shape.reduce((product, extent) => product * extent, 1);
        const data = makeElements(dtype, count);
        for (let index = 0; index < data.length; index += 1) data[index] = index % 251;
        const array: NumericArray = { kind: 'numeric', dtype, shape, order: 'column-major', data };
        const rows = toRowMajor(array);
        for (let index = 0; index < count; index += 1)
          expect(elementAt(rows, index)).toEqual(elementAt(array, columnIndex(shape, index)));
      }),
      { numRuns: 200 },
    );
  });

  it('of one dimension is not copied', () => {
    const data = Float64Array.of(1, 2, 3);
    expect(
      toRowMajor({ kind: 'numeric', dtype: 'float64', shape: [1, 3], order: 'column-major', data }).data,
    ).toBe(data);
  });
});

/** The column-major index of the element at a row-major one. */
function columnIndex(shape: readonly number[], rowIndex: number): number {
  let rest = rowIndex;
  const places = shape.toReversed().map((extent) => {
    const place = rest % extent;
    rest = Math.floor(rest / extent);
    return place;
  });
  return places.reduce((index, place, level) => index * (shape.at(-1 - level) ?? 1) + place, 0);
}
