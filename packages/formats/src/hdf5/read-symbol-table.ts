import type { Hdf5Bytes } from './hdf5-bytes.ts';
import type { NamedTarget } from './hdf5-link.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { walkTree1 } from './walk-tree-1.ts';

const softLink = 2;

/** The names of a group in the older style: a B-tree of symbol nodes, with the names in a local heap. */
export async function readSymbolTable(store: Hdf5Store, message: Hdf5Bytes): Promise<readonly NamedTarget[]> {
  const treeAddress = message.dueAddress('the tree of a group');
  const heap = await localHeap(store, message.dueAddress('the heap of a group'));
  const { offsetBytes, lengthBytes } = store.widths;
  const names: NamedTarget[] = [];
  const keys = { type: 0, keyBytes: lengthBytes } as const;
  const visited = new Set<number>();
  for await (const { child } of walkTree1(store, treeAddress, keys)) {
    const head = (await store.block(child, 8)).expect('SNOD', 1).skip(1);
    if (visited.has(child)) throw head.error('a tree leads to the same names twice', 0);
    visited.add(child);
    const count = head.uint(2);
    const entries = await store.block(child + 8, count * (2 * offsetBytes + 24));
    for (let index = 0; index < count; index += 1) names.push(symbol(entries, heap));
  }
  return names;
}

function symbol(entries: Hdf5Bytes, heap: Hdf5Bytes): NamedTarget {
  const name = textAt(entries, heap, entries.uint(entries.widths.offsetBytes));
  const address = entries.address();
  const cacheType = entries.uint(4);
  const scratch = entries.skip(4).sub(16);
  if (cacheType === softLink)
    return { name, target: { kind: 'soft', path: textAt(entries, heap, scratch.uint(4)) } };
  if (address === undefined) throw entries.error('a link has no address');
  return { name, target: { kind: 'hard', address } };
}

function textAt(entries: Hdf5Bytes, heap: Hdf5Bytes, offset: number): string {
  if (offset >= heap.bytes.length) throw entries.error('a name is outside of its heap');
  heap.at = offset;
  return heap.terminatedText();
}

async function localHeap(store: Hdf5Store, address: number): Promise<Hdf5Bytes> {
  const { offsetBytes, lengthBytes } = store.widths;
  const head = (await store.block(address, 8 + 2 * lengthBytes + offsetBytes)).expect('HEAP', 0).skip(3);
  const sizeBytes = head.length();
  return store.block(head.skip(lengthBytes).dueAddress('a local heap'), sizeBytes);
}
