import type { FolderSource } from './folder-source.ts';
import { FormatCatalog, type InspectOptions } from './format-catalog.ts';
import type { FormatInspection } from './format-inspection.ts';

/**
 * Tells what a folder holds, with the standard catalog: signatures, flavours, configuration, weights.
 *
 * @throws FormatError when a file of it is broken, or the folder is not in `options.format`.
 */
export async function inspectFolder(
  folder: FolderSource,
  options: InspectOptions = {},
): Promise<FormatInspection> {
  return FormatCatalog.standard().inspectFolder(folder, options);
}
