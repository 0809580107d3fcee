import { type Hash, createHash } from 'node:crypto';
import { digestOfHex, parseObjectKey } from '@holdfast/domain';
import { type ByteSource, type StorageAdapter, isReopenable, knownSizeBytes, readSource } from '@holdfast/ports';
import { putOptions } from './put-options.ts';
import type { SavedContent } from './save-content.ts';
import type { SaveOptions } from './save-options.ts';

/**
 * Stores bytes under a key of the caller's. The adapter's own checksum is taken where it computes one;
 * elsewhere the bytes are hashed as they pass.
 */
export async function saveUnderKey(
  adapter: StorageAdapter,
  data: ByteSource,
  options: SaveOptions & { readonly key: string },
): Promise<SavedContent> {
  const tap = new DigestTap(data);
  const info = await adapter.put(parseObjectKey(options.key), tap.source, putOptions(data, options));
  return { info, digest: info.checksum ?? tap.digest(), isDuplicate: false };
}

/** Hashes what an adapter takes from a source; from the beginning, if it begins again. */
class DigestTap {
  readonly source: ByteSource;
  #hash: Hash = createHash('sha256');

  constructor(source: ByteSource) {
    const sizeBytes = knownSizeBytes(source);
    const open = (): AsyncIterable<Uint8Array> => this.#read(source);
    this.source = isReopenable(source) && sizeBytes !== undefined ? { sizeBytes, open } : open();
  }

  digest(): ReturnType<typeof digestOfHex> {
    return digestOfHex(this.#hash.digest('hex'));
  }

  async *#read(source: ByteSource): AsyncIterable<Uint8Array> {
    this.#hash = createHash('sha256');
    for await (const chunk of readSource(source)) {
      this.#hash.update(chunk);
      yield chunk;
    }
  }
}
