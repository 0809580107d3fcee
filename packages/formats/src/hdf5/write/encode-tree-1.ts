import { ByteWriter } from './byte-writer.ts';

/** One entry of a leaf: what it leads to, and the key before it. */
export interface NewTreeEntry {
  readonly key: Uint8Array;
  readonly child: number;
}

export interface NewTreeForm {
  /** 0 for the names of a group, 1 for chunks. */
  readonly type: 0 | 1;
  readonly mostChildren: number;
  /** The key after the last entry. */
  readonly lastKey: Uint8Array;
}

/**
 * Encodes a B-tree of version 1 whose nodes follow each other from an address on, the root last.
 *
 * @param entries In order. None make a tree of one empty node.
 */
export function encodeTree1(
  entries: readonly NewTreeEntry[],
  form: NewTreeForm,
  start: number,
): { readonly bytes: Uint8Array; readonly rootAddress: number } {
  const writer = new ByteWriter();
  const { mostChildren, lastKey } = form;
  const nodeBytes = 24 + mostChildren * 8 + (mostChildren + 1) * lastKey.length;
  let below = entries;
  for (let level = 0; ; level += 1) {
    const nodeCount = Math.max(1, Math.ceil(below.length / mostChildren));
    const first = start + writer.length;
    const next: NewTreeEntry[] = [];
    for (let node = 0; node < nodeCount; node += 1) {
      const children = below.slice(node * mostChildren, (node + 1) * mostChildren);
      const begin = writer.length;
      writer.text('TREE').uint(1, form.type, level).uint(2, children.length);
      sibling(writer, node > 0 ? first + (node - 1) * nodeBytes : undefined);
      sibling(writer, node < nodeCount - 1 ? first + (node + 1) * nodeBytes : undefined);
      for (const { key, child } of children) writer.bytes(key).uint(8, child);
      writer.bytes(below[(node + 1) * mostChildren]?.key ?? lastKey);
      writer.zeros(nodeBytes - (writer.length - begin));
      next.push({ key: children[0]?.key ?? lastKey, child: start + begin });
    }
    if (next.length === 1) return { bytes: writer.finish(), rootAddress: next[0]?.child ?? start };
    below = next;
  }
}

function sibling(writer: ByteWriter, address: number | undefined): void {
  if (address === undefined) writer.undefinedAddress();
  else writer.uint(8, address);
}
