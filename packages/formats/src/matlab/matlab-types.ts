import type { ElementType } from '../value/element-type.ts';

/** Types of data elements, as their tags name them. */
export const miInt8 = 1;
export const miUint8 = 2;
export const miUint16 = 4;
export const miInt32 = 5;
export const miUint32 = 6;
export const miDouble = 9;
export const miMatrix = 14;
export const miCompressed = 15;
export const miUtf8 = 16;
export const miUtf16 = 17;
export const miUtf32 = 18;

/** The numeric types of data elements. */
export const storedTypes: ReadonlyMap<number, ElementType> = new Map([
  [miInt8, 'int8'],
  [miUint8, 'uint8'],
  [3, 'int16'],
  [miUint16, 'uint16'],
  [miInt32, 'int32'],
  [miUint32, 'uint32'],
  [7, 'float32'],
  [miDouble, 'float64'],
  [12, 'int64'],
  [13, 'uint64'],
]);

/** The classes of arrays, by the number in their flags. */
export const matlabClasses: ReadonlyMap<number, string> = new Map([
  [1, 'cell'],
  [2, 'struct'],
  [3, 'object'],
  [4, 'char'],
  [5, 'sparse'],
  [6, 'double'],
  [7, 'single'],
  [8, 'int8'],
  [9, 'uint8'],
  [10, 'int16'],
  [11, 'uint16'],
  [12, 'int32'],
  [13, 'uint32'],
  [14, 'int64'],
  [15, 'uint64'],
  [16, 'function'],
  [17, 'opaque'],
]);

const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ['double', 'float64'],
  ['single', 'float32'],
  ['int8', 'int8'],
  ['uint8', 'uint8'],
  ['int16', 'int16'],
  ['uint16', 'uint16'],
  ['int32', 'int32'],
  ['uint32', 'uint32'],
  ['int64', 'int64'],
  ['uint64', 'uint64'],
]);

/** The element type of a numeric class; `undefined` for any other class. */
export function elementTypeOfClass(className: string): ElementType | undefined {
  return elementTypes.get(className);
}
