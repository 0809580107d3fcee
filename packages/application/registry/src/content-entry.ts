import { type Digest, digestOfContentKey } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';

/** An object by the digest that its key names; nothing for what has another name among the content-addressed objects. */
export function contentEntryOf(info: ObjectInfo): readonly (readonly [Digest, ObjectInfo])[] {
  const digest = digestOfContentKey(info.key);
  return digest === undefined ? [] : [[digest, info]];
}
