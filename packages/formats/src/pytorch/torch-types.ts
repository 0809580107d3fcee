import type { ElementType } from '../value/element-type.ts';

/** Element types by the names of the storage classes that have them. */
export const storageTypes: ReadonlyMap<string, ElementType> = new Map([
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['UntypedStorage', 'uint8'],
  ['_UntypedStorage', 'uint8'],
]);

/** Element types by the names that torch has for them. */
export const torchTypes: ReadonlyMap<string, ElementType> = new Map([
  ['float32', 'float32'],
  ['float', 'float32'],
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['int64', 'int64'],
  ['long', 'int64'],
  ['int32', 'int32'],
  ['int', 'int32'],
  ['int16', 'int16'],
  ['short', 'int16'],
  ['int8', 'int8'],
  ['uint8', 'uint8'],
  ['uint16', 'uint16'],
  ['uint32', 'uint32'],
  ['uint64', 'uint64'],
  ['bool', 'bool'],
  ['complex32', 'complex32'],
  ['chalf', 'complex32'],
  ['complex64', 'complex64'],
  ['cfloat', 'complex64'],
  ['complex128', 'complex128'],
  ['cdouble', 'complex128'],
  ['float8_e4m3fn', 'float8_e4m3fn'],
  ['float8_e4m3fnuz', 'float8_e4m3fnuz'],
  ['float8_e5m2', 'float8_e5m2'],
  ['float8_e5m2fnuz', 'float8_e5m2fnuz'],
  ['float8_e8m0fnu', 'float8_e8m0'],
]);

/** The storage class of an element type; `undefined` for the newer types, whose storage has no type. */
export function storageClassOf(type: ElementType): string | undefined {
  for (const [name, candidate] of storageTypes) if (candidate === type) return name;
  return undefined;
}

/** What torch calls an element type; `undefined` where it has none such. */
export function torchTypeOf(type: ElementType): string | undefined {
  for (const [name, candidate] of torchTypes) if (candidate === type) return name;
  return undefined;
}
