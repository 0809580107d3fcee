import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeReadOptions } from '../source/byte-range-source.ts';
import { sliceSource } from '../source/read-exactly.ts';
import { sourceOf } from '../source/source-of.ts';
import { isElementType } from '../value/element-type.ts';
import { lazyArray } from '../value/lazy-array.ts';
import type { LazyArray } from '../value/lazy-value.ts';
import { readSafetensorsHeader } from './read-safetensors-header.ts';
import { safetensorsError } from './safetensors-entry.ts';

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
  const header = await refusedAtLimit('safetensors', () => readSafetensorsHeader(reader));
  if (header === undefined) throw safetensorsError('the file does not begin with a header', 0);
  const tensors = Array.from(
    header.tensors.entries(),
    ({ name, dtype: typeText, elementType = '', shape, byteRange }) => {
      if (!isElementType(elementType) || byteRange === undefined)
        throw safetensorsError(`the dtype ${typeText} is not read`, 0);
      const { start, end } = byteRange;
      return lazyArray({
        name,
        dtype: elementType,
        shape,
        order: 'row-major',
        typeText,
        byteOrder: 'little',
        open: () => sliceSource(source, start, end - start),
      });
    },
  );
  return { tensors, metadata: header.metadata ?? {} };
}
