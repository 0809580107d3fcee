import type { FolderSource } from './folder-source.ts';
import { type DetectOptions, FormatCatalog } from './format-catalog.ts';
import type { FormatDetection } from './format-detection.ts';

/**
 * Tells the format of a folder from its files and their content, with the standard catalog.
 *
 * @throws FormatError when a file that decides is broken; `path` names it.
 */
export async function detectFolderFormat(
  folder: FolderSource,
  options: DetectOptions = {},
): Promise<FormatDetection> {
  return FormatCatalog.standard().detectFolder(folder, options);
}
