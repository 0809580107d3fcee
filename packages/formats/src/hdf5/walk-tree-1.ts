import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Hdf5Store } from './hdf5-store.ts';

/** What one leaf of a B-tree of version 1 leads to. */
export interface Tree1Entry {
  readonly key: Hdf5Bytes;
  readonly child: number;
}

/**
 * Goes through a B-tree of version 1, in order.
 *
 * @param keys.type 0 for the names of a group, 1 for chunks.
 * @param keys.leadsToRange Whether what is between two keys, or from one on, is wanted; nodes that are not are not read. @default all
 * @throws FormatError when the tree is broken, or leads back to a node of its own.
 */
export async function* walkTree1(
  store: Hdf5Store,
  root: number,
  keys: {
    readonly type: 0 | 1;
    readonly keyBytes: number;
    readonly leadsToRange?: ((key: Hdf5Bytes, next: Hdf5Bytes | undefined) => boolean) | undefined;
  },
): AsyncGenerator<Tree1Entry> {
  const { offsetBytes } = store.widths;
  const headBytes = 8 + 2 * offsetBytes;
  const visited = new Set<number>();
  const waiting: { readonly address: number; readonly level: number | undefined }[] = [
    { address: root, level: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { address } = next;
    const at = store.offsetOf(address);
    if (visited.has(address)) throw hdf5Error('a tree leads back to one of its own nodes', Math.max(0, at));
    visited.add(address);
    const head = await store.block(address, headBytes);
    if (String.fromCharCode(...head.take(4)) !== 'TREE')
      throw head.error('a structure TREE is expected here', 0);
    const type = head.uint(1);
    const level = head.uint(1);
    if (type !== keys.type)
      throw head.error(`a tree of type ${type} is stored where type ${keys.type} is due`, 4);
    if (next.level !== undefined && level !== next.level)
      throw head.error('a tree has a node of a wrong level', 5);
    const count = head.uint(2);
    const body = await store.block(
      address + headBytes,
      count * (keys.keyBytes + offsetBytes) + keys.keyBytes,
    );
    const children: { readonly address: number; readonly level: number }[] = [];
    for (let index = 0; index < count; index += 1) {
      const key = body.sub(keys.keyBytes);
      const child = body.dueAddress('a node of a tree');
      // The key after the last child of a tree can be less than what was written below it.
      const following = index === count - 1 ? undefined : peek(body, keys.keyBytes);
      if (keys.leadsToRange !== undefined && !keys.leadsToRange(key, following)) continue;
      key.at = 0;
      if (level === 0) yield { key, child };
      else children.push({ address: child, level: level - 1 });
    }
    waiting.push(...children.toReversed());
  }
}

/** The bytes that follow, which are still to be read. */
function peek(body: Hdf5Bytes, length: number): Hdf5Bytes {
  const next = body.sub(length);
  body.at -= length;
  return next;
}
