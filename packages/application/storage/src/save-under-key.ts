import { type Hash, createHash } from 'node:crypto';
import { digestOfHex, parseUserKey } from '@holdfast/domain';
import type { ByteSource, StorageAdapter } from '@holdfast/ports';
import { putOptions } from './put-options.ts';
import type { SavedContent } from './save-content.ts';
import type { SaveOptions } from './save-options.ts';
import { WatchedSource } from './watched-source.ts';

/**
 * Stores bytes under a key of the caller's. The adapter's own checksum is taken where it computes one;
 * elsewhere it is that of the bytes that passed.
 */
export async function saveUnderKey(
  adapter: StorageAdapter,
  data: ByteSource,
  options: SaveOptions & { readonly key: string },
): Promise<SavedContent> {
  let hash: Hash = createHash('sha256');
  const watched = new WatchedSource(data, {
    onBegin: () => {
      hash = createHash('sha256');
    },
    onChunk: (chunk) => hash.update(chunk),
  });
  const key = parseUserKey(options.key);
  const info = await watched.during(() => adapter.put(key, watched.source, putOptions(data, options)));
  return { info, digest: info.checksum ?? digestOfHex(hash.digest('hex')), isDuplicate: false };
}
