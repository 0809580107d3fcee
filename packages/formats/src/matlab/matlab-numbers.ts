import { makeElements } from '../value/element-bytes.ts';
import { type ElementData, type ElementType } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import type { NumericArray } from '../value/value.ts';
import type { MatlabBytes, MatlabElement } from './matlab-bytes.ts';
import type { MatlabArrayHeader } from './matlab-header.ts';
import { elementTypeOfClass } from './matlab-types.ts';

/** The element type that an array of numbers has in memory. */
export function numericTypeOf({
  className,
  isComplex,
  isLogical,
}: MatlabArrayHeader): ElementType | undefined {
  const plain = elementTypeOfClass(className);
  if (plain === undefined) return undefined;
  if (isComplex) return plain === 'float32' ? 'complex64' : 'complex128';
  return isLogical ? 'bool' : plain;
}

/** An array of numbers. MATLAB stores them in the smallest type that holds them all; here they get that of their class. */
export function readNumbers(view: MatlabBytes, header: MatlabArrayHeader): NumericArray {
  const dtype = numericTypeOf(header) ?? 'float64';
  const { data } = readParts(view, header.bodyAt, { header, dtype, count: product(header.dims) });
  return { kind: 'numeric', dtype, shape: header.dims, order: 'column-major', data };
}

/** What numbers are due. */
interface Due {
  readonly header: MatlabArrayHeader;
  readonly dtype: ElementType;
  readonly count: number;
}

/** The real part, and the imaginary part where there is one, from an element on. */
export function readParts(
  view: MatlabBytes,
  at: number,
  { header, dtype, count }: Due,
): { readonly data: ElementData; readonly next: number } {
  const real = view.element(at, header.end);
  const numbers = countedNumbers(view, real, count);
  if (!header.isComplex)
    return { data: numbers.type === dtype ? numbers.data : widen(numbers.data, dtype), next: real.next };
  const imaginary = view.element(real.next, header.end);
  const parts = countedNumbers(view, imaginary, count).data;
  const data = makeElements(dtype, count) as Float64Array | Float32Array;
  for (let index = 0; index < count; index += 1) {
    data[2 * index] = Number(numbers.data[index]);
    data[2 * index + 1] = Number(parts[index]);
  }
  return { data, next: imaginary.next };
}

function countedNumbers(
  view: MatlabBytes,
  element: MatlabElement,
  count: number,
): { readonly type: ElementType; readonly data: ElementData } {
  const numbers = view.numbers(element);
  if (numbers.data.length !== count)
    throw view.error(`${numbers.data.length} numbers are stored where ${count} are due`, element.at);
  return numbers;
}

/** The same numbers in another type. */
export function widen(data: ElementData, dtype: ElementType): ElementData {
  const target = makeElements(dtype, data.length);
  if (dtype === 'bool') {
    for (let index = 0; index < data.length; index += 1) target[index] = Number(data[index]) === 0 ? 0 : 1;
  } else if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
    for (let index = 0; index < data.length; index += 1)
      target[index] = BigInt(
        typeof data[index] === 'bigint' ? (data[index] ?? 0) : Math.trunc(Number(data[index])),
      );
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let index = 0; index < data.length; index += 1) target[index] = Number(data[index]);
  } else target.set(data);
  return target;
}
