import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { type DetectOptions, FormatCatalog } from './format-catalog.ts';
import type { FormatDetection } from './format-detection.ts';

/**
 * Tells the format of bytes from their content, with the standard catalog.
 * A few KiB are read of most files, whatever their size.
 *
 * @throws FormatError when the bytes are meant to be in a format and are broken; its `offset` says where.
 */
export async function detectFormat(
  source: ByteRangeSource,
  options: DetectOptions = {},
): Promise<FormatDetection> {
  return FormatCatalog.standard().detect(source, options);
}
