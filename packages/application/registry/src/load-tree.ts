import { type ModelStorageInfo, type TreeManifest, parseTreeManifest } from '@holdfast/domain';
import type { LoadOptions, StorageService } from '@holdfast/storage';

/**
 * Reads the manifest of a folder, verified.
 *
 * @throws StorageError as a load does; InvalidValueError when the object is no manifest of a tree.
 */
export async function loadTree(
  storage: StorageService,
  manifest: ModelStorageInfo,
  options: Pick<LoadOptions, 'signal'> = {},
): Promise<TreeManifest> {
  const bytes = await storage.load(manifest, options);
  return parseTreeManifest(Buffer.from(bytes).toString('utf8'));
}
