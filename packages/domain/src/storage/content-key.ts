import { type Digest, digestHex, digestOfHex, isDigest } from './digest.ts';
import type { ObjectKey } from './object-key.ts';

/** The prefix of all content-addressed objects, the same in every store. */
export const contentPrefix = 'objects/sha256/';

/** The key of the bytes of a digest, the same in every store. */
export function contentKey(digest: Digest): ObjectKey {
  const hex = digestHex(digest);
  return `${contentPrefix}${hex.slice(0, 2)}/${hex}` as ObjectKey;
}

/** The digest whose bytes belong under a key; `undefined` when it is the key of something else. */
export function digestOfContentKey(key: string): Digest | undefined {
  const hex = key.slice(key.lastIndexOf('/') + 1);
  if (!isDigest(`sha256:${hex}`)) return undefined;
  const digest = digestOfHex(hex);
  return contentKey(digest) === key ? digest : undefined;
}
