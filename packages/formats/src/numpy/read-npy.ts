import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeReadOptions, ByteRangeSource } from '../source/byte-range-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import { sourceOf } from '../source/source-of.ts';
import { type ByteCheck, lazyArray } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import { decodeNumpy, whyRefused } from './decode-numpy.ts';
import { checkNpyData, type NpyHeader, npyError, npyUnsupported, readNpyHeader } from './read-npy-header.ts';

/**
 * Reads the header of a `.npy` file, versions 1 to 3, and gives the array to be read: as a whole, in part, or in pieces.
 * Every element type of fixed size is read; arrays of Python objects are refused, because they are pickles.
 *
 * @throws FormatError when the file is no `.npy` file, breaks the rules of the format, or holds Python objects.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html for the format
 */
export async function readNpy(input: ByteInput, options: ByteRangeReadOptions = {}): Promise<LazyValue> {
  const source = sourceOf(input, options);
  const header = await refusedAtLimit('numpy', () => readNpyHeader(new BoundedReader(source, options)));
  if (header === undefined) throw npyError('the file does not begin with the signature of a NumPy array', 0);
  checkNpyData(header, source.sizeBytes);
  if (header.dataBytes === undefined) throw npyUnsupported(whyRefused(header.dtype), header.dataStart);
  return lazyNpy('', header, {
    open: () => sliceSource(source, header.dataStart, header.dataBytes ?? 0),
    errorOf: (reason) => npyError(reason, header.dataStart),
    unsupported: (reason) => npyUnsupported(reason, header.dataStart),
  });
}

/** Where the data of an array is. */
export interface NpyData {
  open(signal: AbortSignal | undefined): Promise<ByteRangeSource> | ByteRangeSource;
  verify?: (() => ByteCheck) | undefined;
  readonly errorOf: (reason: string) => Error;
  readonly unsupported: (reason: string) => Error;
}

/** The array of a header. Reading one of Python objects is refused. */
export function lazyNpy(name: string, header: NpyHeader, data: NpyData): LazyValue {
  const { dtype, shape, isFortranOrder, dataBytes } = header;
  const { element } = dtype;
  const order = isFortranOrder ? 'column-major' : 'row-major';
  const described = { name, shape, order, typeText: dtype.text } as const;
  if (dataBytes === undefined) {
    const refuse = (): Promise<never> => Promise.reject(data.unsupported(whyRefused(dtype)));
    return lazyWhole({ ...described, kind: 'opaque', load: refuse });
  }
  if (element.kind === 'numeric') return lazyArray({ ...described, ...element, ...data });
  return lazyWhole({
    ...described,
    kind: element.kind === 'text' || element.kind === 'table' ? element.kind : 'bytes',
    sizeBytes: dataBytes,
    load: async (signal) => {
      const bytes = await readExactly(await data.open(signal), { offset: 0, length: dataBytes, signal });
      const check = data.verify?.();
      check?.update(bytes);
      check?.end();
      return decodeNumpy({ dtype, shape, order, bytes, errorOf: data.errorOf });
    },
  });
}
