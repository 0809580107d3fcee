import { bytesSource } from '../source/bytes-source.ts';
import { checkText, checkValue } from './check-value.ts';
import { bytesOfElements, hostByteOrder } from './element-bytes.ts';
import { lazyArray } from './lazy-array.ts';
import type { LazyArray, LazyValue } from './lazy-value.ts';
import { lazyWhole } from './lazy-whole.ts';
import type { NumericArray, Value } from './value.ts';

/**
 * A value in memory where a value of a file is expected, such as by a writer.
 *
 * @throws InvalidValueError for what is not a whole value, such as data of another length than its shape has.
 */
export function lazyOf(name: string, value: NumericArray): LazyArray;
export function lazyOf(name: string, value: Value): LazyValue;
export function lazyOf(name: string, value: Value): LazyValue {
  checkText(name, 'name');
  checkValue(value, name);
  if (value.kind !== 'numeric') {
    const shape = value.kind === 'opaque' ? [] : value.shape;
    const order = value.kind === 'opaque' || value.kind === 'sparse' ? 'column-major' : value.order;
    return lazyWhole({ name, kind: value.kind, shape, order, typeText: value.kind, load: async () => value });
  }
  const { dtype, shape, order, unit } = value;
  return lazyArray({
    name,
    dtype,
    shape,
    order,
    unit,
    typeText: dtype,
    byteOrder: hostByteOrder,
    open: () => bytesSource(bytesOfElements(dtype, value.data, hostByteOrder)),
  });
}
