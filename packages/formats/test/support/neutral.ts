import { createHash } from 'node:crypto';
import { bytesOfElements, type NumericArray, toRowMajor, type Value } from '../../src/index.ts';
import { itemsInRowMajor, toRowMajorItems } from '../../src/value/to-row-major.ts';

/** A value in the form that the Python of {@link neutralProgram} writes as well: row-major, bytes in base64. */
export type Neutral = { readonly kind: string; readonly [field: string]: unknown };

/** The neutral form of a value. */
export function neutral(value: Value): Neutral {
  switch (value.kind) {
    case 'numeric':
      return {
        kind: 'numeric',
        dtype: `${value.dtype}${value.unit === undefined ? '' : `[${value.unit}]`}`,
        shape: value.shape,
        data: base64(numericBytes(value)),
      };
    case 'text':
      return { kind: 'text', shape: value.shape, data: itemsInRowMajor(value.data, value).map(trimmed) };
    case 'bytes':
      return {
        kind: 'bytes',
        shape: value.shape,
        itemBytes: value.itemBytes,
        isText: value.isText,
        data: base64(toRowMajorItems(value.data, value)),
      };
    case 'table':
      return {
        kind: 'table',
        shape: value.shape,
        columns: value.columns.map((column) => [column.name, neutral(column.value)]),
      };
    case 'cell':
      return { kind: 'cell', shape: value.shape, data: itemsInRowMajor(value.data, value).map(neutral) };
    case 'struct':
      return {
        kind: 'struct',
        shape: value.shape,
        fields: value.fields.map(({ name, values }) => [name, itemsInRowMajor(values, value).map(neutral)]),
      };
    case 'sparse':
      return {
        kind: 'sparse',
        dtype: value.dtype,
        shape: value.shape,
        columnPointers: Array.from(value.columnPointers),
        rowIndices: Array.from(value.rowIndices),
        data: base64(bytesOfElements(value.dtype, value.data, 'little')),
      };
    case 'opaque':
      return {
        kind: 'opaque',
        className: value.className,
        type: value.type,
        content: value.content === undefined ? null : neutral(value.content),
      };
  }
}

function numericBytes(value: NumericArray): Uint8Array {
  const { dtype, data } = toRowMajor(value);
  return bytesOfElements(dtype, data, 'little');
}

function trimmed(text: string): string {
  return text.replace(/\0+$/, '');
}

const longestShown = 4096;

/** The bytes in base64, or the digest of many. */
function base64(bytes: Uint8Array): string {
  if (bytes.byteLength > longestShown) return createHash('sha256').update(bytes).digest('hex');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Python that defines `neutral(value)` for what numpy and scipy give. */
export const neutralProgram = `
import io, sys, json, base64, hashlib, warnings, numpy as np
warnings.simplefilter('ignore')
def b64(b): return base64.b64encode(b).decode()
def shown(b): return hashlib.sha256(b).hexdigest() if len(b) > 4096 else b64(b)
def dtype_name(d):
    if d.kind in 'mM':
        unit = np.datetime_data(d)
        text = '' if unit[0] == 'generic' else '[%s%s]' % ('' if unit[1] == 1 else unit[1], unit[0])
        return {'m': 'timedelta64', 'M': 'datetime64'}[d.kind] + text
    return d.name
def neutral(a):
    a = np.asarray(a)
    shape, d = list(a.shape), a.dtype
    if d.names is not None:
        return {'kind': 'table', 'shape': shape, 'columns': [[n, neutral(a[n])] for n in d.names]}
    if d.kind == 'U': return {'kind': 'text', 'shape': shape, 'data': [str(s) for s in a.flatten()]}
    if d.kind in 'SV': return {'kind': 'bytes', 'shape': shape, 'itemBytes': d.itemsize, 'isText': d.kind == 'S', 'data': shown(a.tobytes('C'))}
    return {'kind': 'numeric', 'dtype': dtype_name(d), 'shape': shape, 'data': shown(a.astype(d.newbyteorder('<')).tobytes('C'))}
`;
