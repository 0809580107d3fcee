import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeReadOptions, ByteRangeSource } from '../source/byte-range-source.ts';
import { sliceSource } from '../source/read-exactly.ts';
import { sourceOf } from '../source/source-of.ts';
import { lazyArray } from '../value/lazy-array.ts';
import type { LazyArray } from '../value/lazy-value.ts';
import { readSafetensorsEntries } from './read-safetensors-header.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';
import { type SafetensorsEntry, safetensorsError } from './safetensors-entry.ts';

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** In the order of their data. */
  readonly tensors: readonly LazyArray[];
  readonly metadata: { readonly [key: string]: string };
}

/**
 * Reads the header of a safetensors file, with every rule of the format checked, and gives its tensors to be read by range.
 *
 * @throws FormatError when the file is no safetensors file or breaks a rule.
 * @see https://huggingface.co/docs/safetensors for the format
 */
export async function readSafetensors(
  input: ByteInput,
  options: ByteRangeReadOptions = {},
): Promise<SafetensorsFile> {
  const source = sourceOf(input, options);
  const reader = new BoundedReader(source, options);
  const tensors: LazyArray[] = [];
  const begins: number[] = [];
  const add = (entry: SafetensorsEntry, dataStart: number): void => {
    tensors.push(tensorOf(entry, source, dataStart));
    begins.push(entry.begin);
  };
  const header = await refusedAtLimit('safetensors', () => readSafetensorsEntries(reader, add));
  if (header === undefined) throw safetensorsError('the file does not begin with a header', 0);
  return { tensors: inOrder(tensors, begins), metadata: header.metadata ?? {} };
}

/** The tensors in the order of their data; empty ones before what begins where they do. */
function inOrder(tensors: readonly LazyArray[], begins: readonly number[]): readonly LazyArray[] {
  const sizeOf = (index: number): number => tensors[index]?.sizeBytes ?? 0;
  const compare = (a: number, b: number): number =>
    (begins[a] ?? 0) - (begins[b] ?? 0) || sizeOf(a) - sizeOf(b);
  if (tensors.every((_, index) => index === 0 || compare(index - 1, index) <= 0)) return tensors;
  return [...tensors.keys()].toSorted(compare).map((index) => tensors[index] as LazyArray);
}

function tensorOf(
  { name, dtype: typeText, shape, begin, end }: SafetensorsEntry,
  source: ByteRangeSource,
  dataStart: number,
): LazyArray {
  const dtype = safetensorsDtypes.get(typeText)?.elementType;
  if (dtype === undefined) throw safetensorsError(`the dtype ${typeText} is not read`, 0);
  return lazyArray({
    name,
    dtype,
    shape,
    order: 'row-major',
    typeText,
    byteOrder: 'little',
    open: () => sliceSource(source, dataStart + begin, end - begin),
  });
}
