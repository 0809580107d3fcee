import type { ElementType } from '../value/element-type.ts';

/** An element type of safetensors. */
export interface SafetensorsDtype {
  readonly bitsPerElement: number;
  /** The same in common words. */
  readonly elementType: ElementType;
}

/** The element types by their names in a safetensors header, as of version 0.8 of its library. */
export const safetensorsDtypes: ReadonlyMap<string, SafetensorsDtype> = new Map(
  Object.entries<SafetensorsDtype>({
    BOOL: { bitsPerElement: 8, elementType: 'bool' },
    F4: { bitsPerElement: 4, elementType: 'float4_e2m1' },
    F6_E2M3: { bitsPerElement: 6, elementType: 'float6_e2m3' },
    F6_E3M2: { bitsPerElement: 6, elementType: 'float6_e3m2' },
    U8: { bitsPerElement: 8, elementType: 'uint8' },
    I8: { bitsPerElement: 8, elementType: 'int8' },
    F8_E5M2: { bitsPerElement: 8, elementType: 'float8_e5m2' },
    F8_E4M3: { bitsPerElement: 8, elementType: 'float8_e4m3fn' },
    F8_E5M2FNUZ: { bitsPerElement: 8, elementType: 'float8_e5m2fnuz' },
    F8_E4M3FNUZ: { bitsPerElement: 8, elementType: 'float8_e4m3fnuz' },
    F8_E8M0: { bitsPerElement: 8, elementType: 'float8_e8m0' },
    I16: { bitsPerElement: 16, elementType: 'int16' },
    U16: { bitsPerElement: 16, elementType: 'uint16' },
    F16: { bitsPerElement: 16, elementType: 'float16' },
    BF16: { bitsPerElement: 16, elementType: 'bfloat16' },
    I32: { bitsPerElement: 32, elementType: 'int32' },
    U32: { bitsPerElement: 32, elementType: 'uint32' },
    F32: { bitsPerElement: 32, elementType: 'float32' },
    C64: { bitsPerElement: 64, elementType: 'complex64' },
    I64: { bitsPerElement: 64, elementType: 'int64' },
    U64: { bitsPerElement: 64, elementType: 'uint64' },
    F64: { bitsPerElement: 64, elementType: 'float64' },
  }),
);

const namesByElementType: ReadonlyMap<ElementType, string> = new Map(
  Array.from(safetensorsDtypes, ([name, { elementType }]) => [elementType, name]),
);

/** What safetensors calls an element type; `undefined` where it has none such. */
export function safetensorsTypeOf(type: ElementType): string | undefined {
  return namesByElementType.get(type);
}
