import {
  FormatError,
  type LazyValue,
  mostElements,
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
  /** Why its elements are not shown, where that is so. */
  readonly reason?: string;
}

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
  const reason = reasonHidden(value);
  if (reason !== undefined) return { name, type, shape, reason };
  try {
    const values = shownElements(await value.read({ signal }));
    return { name, type, shape, ...(values === undefined ? { reason: tooMany(shape) } : { values }) };
  } catch (error) {
    if (!FormatError.isInstance(error) || !error.isUnsupported) throw error;
    return { name, type, shape, reason: error.reason };
  }
}

function reasonHidden({ kind, dtype, shape, sizeBytes = 0, unread }: LazyValue): string | undefined {
  if (unread !== undefined) return unread.reason;
  const isFlat = kind === 'numeric' || kind === 'text' || kind === 'bytes';
  if (!isFlat) return dtype === undefined ? `nested (${kind})` : `of the kind ${kind}`;
  if (shape.reduce((product, extent) => product * extent, 1) > mostElements) return tooMany(shape);
  return sizeBytes > mostBytes ? `${sizeBytes} bytes, more than ${mostBytes}` : undefined;
}

function tooMany(shape: readonly number[]): string {
  return `${shape.reduce((product, extent) => product * extent, 1)} elements, more than ${mostElements}`;
}
