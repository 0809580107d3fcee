import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteInput, ByteRangeSource } from '../source/byte-range-source.ts';
import { sourceOf } from '../source/source-of.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import type { MatVariable } from './mat-variable.ts';
import { matlabError } from './matlab-error.ts';
import { readMatlab4Records } from './matlab4-records.ts';
import { readMatlabHeader } from './read-matlab-header.ts';
import { matlab4Variable } from './read-matlab4.ts';
import { listMatlab5 } from './read-matlab5.ts';
import { listMatlab73 } from './read-matlab73.ts';

/** What a MATLAB file holds. */
export interface MatFile {
  /** `4`, `5` for versions 5 to 7, which have one form, or `7.3`. */
  readonly version: '4' | '5' | '7.3';
  readonly byteOrder: ByteOrder;
  /** The text that the writer left; empty in version 4. */
  readonly text: string;
  /**
   * In the order of the file; sorted by name in version 7.3, which keeps no other order. A name that occurs twice is listed
   * twice; the last one counts.
   */
  readonly variables: readonly MatVariable[];
}

/**
 * Lists the variables of a MATLAB file of version 4 to 7.3, each to be read alone. Numbers that are stored as they are in
 * memory are read by range, those of version 7.3 chunk by chunk; compressed variables of versions 5 to 7 are inflated as a
 * whole when they are read.
 *
 * Values are those of `scipy.io.loadmat`, in the types of their MATLAB classes. Objects and functions are opaque values.
 *
 * @throws FormatError when the file is no MATLAB file, is damaged or cut short, or is compressed and `inflate` is missing.
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf for the format
 */
export function readMat(input: ByteInput, options: OpenOptions = {}): Promise<MatFile> {
  return refusedAtLimit('matlab', () => openMat(sourceOf(input, options), options));
}

/** The same for inspection, with limits of Holdfast's own as they are. */
export async function openMat(source: ByteRangeSource, options: OpenOptions): Promise<MatFile> {
  const reader = new BoundedReader(source, options.signal === undefined ? {} : { signal: options.signal });
  const header = await readMatlabHeader(reader);
  if (header !== undefined) {
    const { version, byteOrder, text } = header;
    const variables =
      version === '7.3' ? listMatlab73(source, options) : listMatlab5(source, byteOrder, options);
    return { version, byteOrder, text, variables: await variables };
  }
  const outline = await readMatlab4Records(reader, Number.POSITIVE_INFINITY);
  if (outline === undefined) throw matlabError('the content is not that of a MATLAB file', 0);
  const { byteOrder, records } = outline;
  const variables: MatVariable[] = [];
  for (const record of records) variables.push(await matlab4Variable(source, record, byteOrder));
  return { version: '4', byteOrder, text: '', variables };
}
