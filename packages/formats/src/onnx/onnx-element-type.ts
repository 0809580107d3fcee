/** An element type of ONNX. */
export interface OnnxElementType {
  /** Its name in the ONNX definition, such as `FLOAT`. */
  readonly dtype: string;
  /** The same in common words, such as `float32`. */
  readonly elementType: string;
  /** Bits of one element in raw data; 0 for texts, which have none. */
  readonly bitsPerElement: number;
}

const table: readonly (readonly [number, string, string, number])[] = [
  [1, 'FLOAT', 'float32', 32],
  [2, 'UINT8', 'uint8', 8],
  [3, 'INT8', 'int8', 8],
  [4, 'UINT16', 'uint16', 16],
  [5, 'INT16', 'int16', 16],
  [6, 'INT32', 'int32', 32],
  [7, 'INT64', 'int64', 64],
  [8, 'STRING', 'string', 0],
  [9, 'BOOL', 'bool', 8],
  [10, 'FLOAT16', 'float16', 16],
  [11, 'DOUBLE', 'float64', 64],
  [12, 'UINT32', 'uint32', 32],
  [13, 'UINT64', 'uint64', 64],
  [14, 'COMPLEX64', 'complex64', 64],
  [15, 'COMPLEX128', 'complex128', 128],
  [16, 'BFLOAT16', 'bfloat16', 16],
  [17, 'FLOAT8E4M3FN', 'float8_e4m3fn', 8],
  [18, 'FLOAT8E4M3FNUZ', 'float8_e4m3fnuz', 8],
  [19, 'FLOAT8E5M2', 'float8_e5m2', 8],
  [20, 'FLOAT8E5M2FNUZ', 'float8_e5m2fnuz', 8],
  [21, 'UINT4', 'uint4', 4],
  [22, 'INT4', 'int4', 4],
  [23, 'FLOAT4E2M1', 'float4_e2m1', 4],
  [24, 'FLOAT8E8M0', 'float8_e8m0', 8],
  [25, 'UINT2', 'uint2', 2],
  [26, 'INT2', 'int2', 2],
  [27, 'FLOAT6E2M3', 'float6_e2m3', 6],
  [28, 'FLOAT6E3M2', 'float6_e3m2', 6],
];

/** The element types by their number, `TensorProto.DataType` in the ONNX definition. */
export const onnxElementTypes: ReadonlyMap<number, OnnxElementType> = new Map(
  table.map(([number, dtype, elementType, bitsPerElement]) => [
    number,
    { dtype, elementType, bitsPerElement },
  ]),
);

/** The numbers by the common words, for writing. */
export const onnxElementTypeNumbers: ReadonlyMap<string, number> = new Map(
  table.map(([number, , elementType]) => [elementType, number]),
);
