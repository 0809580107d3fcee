import { InvalidValueError } from '@holdfast/domain';
import { FormatError } from '../format-error.ts';
import { whatIs } from '../what-is.ts';
import type { ByteRangeReadOptions, ByteRangeSource } from './byte-range-source.ts';
import { isBytes } from './source-of.ts';

/** Which bytes to read. */
export interface ExactRange {
  readonly offset: number;
  readonly length: number;
  /** Gives up the read. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads bytes that the source must have.
 *
 * @throws FormatError where the source gives fewer.
 */
export async function readExactly(source: ByteRangeSource, range: ExactRange): Promise<Uint8Array> {
  const { offset, length } = range;
  const bytes = await source.read(offset, length, optionsOf(range));
  if (!isBytes(bytes)) {
    const reason = 'must be bytes (a Uint8Array)';
    throw new InvalidValueError({ field: 'what the source reads', value: whatIs(bytes), reason });
  }
  if (bytes.byteLength !== length) throw shortRead(range, bytes.byteLength);
  return bytes;
}

/**
 * Fills memory with bytes that the source must have.
 *
 * @throws FormatError where the source gives fewer.
 */
export async function fillExactly(
  source: ByteRangeSource,
  target: Uint8Array,
  place: Omit<ExactRange, 'length'>,
): Promise<void> {
  const range = { ...place, length: target.byteLength };
  if (source.readInto === undefined) {
    target.set(await readExactly(source, range));
    return;
  }
  const bytesRead = await source.readInto(range.offset, target, optionsOf(range));
  if (bytesRead !== range.length) throw shortRead(range, bytesRead);
}

/** The bytes of a source from an offset on, as a source of their own. */
export function sliceSource(source: ByteRangeSource, start: number, sizeBytes: number): ByteRangeSource {
  return {
    sizeBytes,
    read: (offset, length, options) => source.read(start + offset, length, options),
    ...(source.readInto && {
      readInto: async (offset, target, options) => source.readInto?.(start + offset, target, options) ?? 0,
    }),
  };
}

function optionsOf({ signal }: ExactRange): ByteRangeReadOptions {
  return signal === undefined ? {} : { signal };
}

function shortRead({ offset, length }: ExactRange, bytesRead: number): FormatError {
  return new FormatError({
    format: 'binary',
    offset: offset + bytesRead,
    reason: `the source gave ${bytesRead} bytes where ${length} were due`,
    hint: 'The file changed while it was read; try again.',
  });
}
