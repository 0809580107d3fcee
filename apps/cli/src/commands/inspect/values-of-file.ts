import {
  elementAt,
  type Element,
  isLazyArray,
  type LazyValue,
  openValues,
  type Value,
} from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { FileRangeSource } from '@holdfast/storage';

/** A value that is small enough to be shown. */
export interface ShownValue {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /**
   * The elements with the last index running fastest, whatever the order in the file; texts for what JSON has no number
   * for. Absent where there are too many.
   */
  readonly values?: readonly (number | string | boolean)[];
}

const mostElements = 32;
const mostBytes = 64 * 1024;

/** The small values of a file, read and printed; of larger ones type and shape. */
export async function valuesOfFile(path: string, signal: AbortSignal): Promise<readonly ShownValue[]> {
  await using source = await FileRangeSource.open(path);
  const { values } = await openValues(source, { inflate, signal });
  const shown: ShownValue[] = [];
  for (const value of values) shown.push(await show(value, signal));
  return shown;
}

async function show(value: LazyValue, signal: AbortSignal): Promise<ShownValue> {
  const { name, typeText: type, shape } = value;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const isSmall = count <= mostElements && (value.sizeBytes ?? 0) <= mostBytes;
  if (!isSmall || !(isLazyArray(value) || value.kind === 'text' || value.kind === 'bytes'))
    return { name, type, shape };
  return { name, type, shape, values: elementsOf(await value.read({ signal }), count) };
}

function elementsOf(value: Value, count: number): (number | string | boolean)[] {
  const elements = inFileOrder(value, count);
  if (!('order' in value) || value.order === 'row-major') return elements;
  return elements.map((_, index) => elements[columnMajorIndex(index, value.shape)] ?? '');
}

/** Where the element with this row-major index is in column-major data. */
function columnMajorIndex(index: number, shape: readonly number[]): number {
  let rest = index;
  let stride = shape.reduce((product, extent) => product * extent, 1);
  return shape.toReversed().reduce((position, extent) => {
    stride /= extent;
    const subscript = rest % extent;
    rest = Math.floor(rest / extent);
    return position + subscript * stride;
  }, 0);
}

function inFileOrder(value: Value, count: number): (number | string | boolean)[] {
  if (value.kind === 'text') return [...value.data];
  if (value.kind === 'bytes')
    return Array.from({ length: count }, (_, item) =>
      hexOf(value.data.subarray(item * value.itemBytes, (item + 1) * value.itemBytes)),
    );
  return value.kind === 'numeric'
    ? Array.from({ length: count }, (_, index) => printable(elementAt(value, index)))
    : [];
}

function printable(element: Element): number | string | boolean {
  if (typeof element === 'boolean' || typeof element === 'string') return element;
  if (typeof element === 'number')
    return Number.isFinite(element) && !Object.is(element, -0)
      ? element
      : Object.is(element, -0)
        ? '-0'
        : String(element);
  if (typeof element === 'bigint') return String(element);
  if (element instanceof Uint8Array) return hexOf(element);
  return `${element.real}${element.imaginary < 0 ? '' : '+'}${element.imaginary}i`;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
