import { denseObjects } from './fractal-heap.ts';
import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { type NamedTarget, readLinkMessage } from './hdf5-link.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { type HeaderMessage, messageTypes } from './read-object-header.ts';
import { readSymbolTable } from './read-symbol-table.ts';

/** The names of a group, in whichever of the three ways it stores them; `undefined` for what is no group. */
export async function readLinks(
  store: Hdf5Store,
  messages: readonly HeaderMessage[],
): Promise<readonly NamedTarget[]> {
  const names: NamedTarget[] = [];
  for (const { type, body } of messages) {
    body.at = 0;
    if (type === messageTypes.link) names.push(readLinkMessage(body));
    else if (type === messageTypes.symbolTable)
      for (const name of await readSymbolTable(store, body)) names.push(name);
    else if (type === messageTypes.linkInfo) {
      const dense = densePlace(body, 8);
      if (dense === undefined) continue;
      for await (const object of denseObjects(store, { ...dense, type: 5 }))
        names.push(readLinkMessage(object));
    }
  }
  // Groups in the older style are sorted; newer ones have the names as they came, or by a hash.
  return messages.some(({ type }) => type === messageTypes.symbolTable) ? names : sortedByName(names);
}

/** Sorted as the library lists them. */
export function sortedByName<T extends { readonly name: string }>(named: readonly T[]): readonly T[] {
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Where an object that has many links or attributes keeps them; `undefined` where they are in its header.
 *
 * @param orderBytes The bytes of the creation order, where the message has it.
 */
export function densePlace(
  bytes: Hdf5Bytes,
  orderBytes: number,
): { readonly heap: number; readonly tree: number } | undefined {
  const version = bytes.uint(1);
  if (version !== 0) throw bytes.error(`version ${version} of an information message is unknown`, 0);
  const flags = bytes.uint(1);
  if (flags & 1) bytes.skip(orderBytes);
  const heap = bytes.address();
  const tree = bytes.address();
  return heap === undefined || tree === undefined ? undefined : { heap, tree };
}
