import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { FormatCatalog, type InspectOptions } from './format-catalog.ts';
import type { FormatInspection } from './format-inspection.ts';

/**
 * Tells what bytes hold, with the standard catalog: tensors, inputs and outputs, metadata.
 * Weights are not loaded, and nothing in the file is executed.
 *
 * @throws FormatError when the bytes are broken, or are not in `options.format`.
 */
export async function inspect(
  source: ByteRangeSource,
  options: InspectOptions = {},
): Promise<FormatInspection> {
  return FormatCatalog.standard().inspect(source, options);
}
