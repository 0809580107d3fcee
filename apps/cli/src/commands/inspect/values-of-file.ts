import {
  FormatError,
  isLazyArray,
  type LazyValue,
  openValues,
  type ShownElement,
  shownElements,
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
   * for, and the beginning of long texts. Absent where there are too many.
   */
  readonly values?: readonly ShownElement[];
  /** Why its elements are not read, where that is so. */
  readonly reason?: string;
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
  try {
    const values = shownElements(await value.read({ signal }));
    return { name, type, shape, ...(values === undefined ? {} : { values }) };
  } catch (error) {
    if (!FormatError.isInstance(error) || !error.isUnsupported) throw error;
    return { name, type, shape, reason: error.reason };
  }
}
