import { type Digest, type ObjectKey, digestHex } from '@holdfast/domain';

/** Where content-addressed objects lie in every store. */
export const contentPrefix = 'objects/sha256/';

/** The key under which the bytes of a digest lie in every store. */
export function contentKey(digest: Digest): ObjectKey {
  const hex = digestHex(digest);
  return `${contentPrefix}${hex.slice(0, 2)}/${hex}` as ObjectKey;
}
