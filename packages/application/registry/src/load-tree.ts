import { type ModelStorageInfo, type TreeManifest, parseTreeManifest } from '@holdfast/domain';
import type { LoadCopyOptions } from './copies/object-copies.ts';

/** What loads whole objects: a store, or whichever copy is good. */
interface ObjectSource {
  load(info: ModelStorageInfo, options?: LoadCopyOptions): Promise<Uint8Array>;
}

/**
 * Reads the manifest of a folder, verified.
 *
 * @throws StorageError as a load does; InvalidValueError when the object is no manifest of a tree.
 */
export async function loadTree(
  source: ObjectSource,
  manifest: ModelStorageInfo,
  options: LoadCopyOptions = {},
): Promise<TreeManifest> {
  const bytes = await source.load(manifest, options);
  return parseTreeManifest(Buffer.from(bytes).toString('utf8'));
}
