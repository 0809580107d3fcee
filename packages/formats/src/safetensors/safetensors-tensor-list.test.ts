import { describe, expect, it } from 'vitest';
import { parseSafetensorsHeader } from './safetensors-header.ts';

const plain = [
  '"weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}',
  '"scale":{"dtype":"F64","shape":[],"data_offsets":[24,32]}',
  ' "spaced" : { "dtype" : "U8" , "shape" : [ 1 , 2 ] , "data_offsets" : [ 32 , 34 ] } ',
  '"empty":{"dtype":"BF16","shape":[ ],"data_offsets":[34,36]}',
];
const unusual = [
  String.raw`"a\"b":{"dtype":"F32","shape":[1],"data_offsets":[36,40]}`,
  '"größe":{"data_offsets":[40,44],"shape":[1,2],"dtype":"I16"}',
];

describe('the list of the tensors of a safetensors header', () => {
  it.each([
    ['as libraries write it', plain, 36],
    ['with spaces, escapes, other letters and another order of fields', [...plain, ...unusual], 44],
    ['in another order than its data', [...plain, ...unusual].toReversed(), 44],
  ])('gives the same entries as its pages: %s', (_, members, dataBytes) => {
    const header = new TextEncoder().encode(`{${members.join(',')}}`);
    const dataStart = 8 + header.length;
    const extent = { headerStart: 8, dataStart, fileSizeBytes: dataStart + dataBytes };
    const { tensors } = parseSafetensorsHeader(header, extent);
    const printed = Array.from(tensors.pages(), (page) => JSON.parse(new TextDecoder().decode(page)));
    const entries = [...tensors.entries()];
    expect(entries).toStrictEqual(printed.flat());
    expect(entries).toHaveLength(members.length);
    expect(entries[0]).toStrictEqual({
      name: 'weight',
      dtype: 'F32',
      elementType: 'float32',
      shape: [2, 3],
      byteRange: { start: dataStart, end: dataStart + 24 },
    });
  });
});
