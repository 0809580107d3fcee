import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Hdf5Store } from './hdf5-store.ts';

const deepestTree = 16;
const nodeOverheadBytes = 10;

interface Tree {
  readonly type: number;
  readonly recordBytes: number;
  /** By depth: 0 for leaves. */
  readonly levels: readonly Level[];
}

interface Level {
  readonly mostRecords: number;
  readonly mostBelow: number;
  /** The width of the number of all records below a node of this level; 0 for leaves. */
  readonly totalWidth: number;
}

interface Node {
  readonly address: number;
  readonly count: number;
  readonly depth: number;
}

/**
 * The records of a B-tree of version 2, in the order of its nodes. Each is lent as bytes to be read.
 *
 * @param options.place Negative before what is wanted, positive after it; nodes that hold nothing wanted are not read.
 * @throws FormatError when the tree is broken, or leads back to a node of its own.
 */
export async function* walkTree2(
  store: Hdf5Store,
  address: number,
  { type, place }: { readonly type: number; readonly place?: ((record: Hdf5Bytes) => number) | undefined },
): AsyncGenerator<Hdf5Bytes> {
  const { offsetBytes, lengthBytes } = store.widths;
  const head = (await store.checked(address, 18 + offsetBytes + lengthBytes)).expect('BTHD', 0);
  const foundType = head.uint(1);
  if (foundType !== type) throw head.error(`a tree of type ${foundType} is stored where type ${type} is due`);
  const nodeBytes = head.uint(4);
  const recordBytes = head.uint(2);
  const depth = head.uint(2);
  const root = head.skip(2).address();
  const count = head.uint(2);
  if (root === undefined) return;
  if (recordBytes === 0 || depth > deepestTree) throw head.error('a tree has an impossible form', 6);
  const tree = { type, recordBytes, levels: levelsOf({ nodeBytes, recordBytes, depth, offsetBytes }) };
  const visited = new Set<number>();
  const waiting: Node[] = [{ address: root, count, depth }];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (visited.has(node.address))
      throw hdf5Error('a tree leads back to one of its own nodes', store.offsetOf(node.address));
    visited.add(node.address);
    const { records, children } = await readNode(store, tree, node);
    const places: number[] = [];
    for (let index = 0; index < node.count; index += 1) {
      const record = records.sub(recordBytes);
      const at = place?.(record) ?? 0;
      places.push(at);
      if (at === 0) yield record;
    }
    const wanted = children.filter((_, index) => (places[index - 1] ?? 0) <= 0 && (places[index] ?? 0) >= 0);
    waiting.push(...wanted.toReversed());
  }
}

function levelsOf(form: {
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly depth: number;
  readonly offsetBytes: number;
}): Level[] {
  const { nodeBytes, recordBytes, depth, offsetBytes } = form;
  const mostRecords = Math.floor((nodeBytes - nodeOverheadBytes) / recordBytes);
  const levels: Level[] = [{ mostRecords, mostBelow: mostRecords, totalWidth: 0 }];
  for (let level = 1; level <= depth; level += 1) {
    const below = levels[level - 1] as Level;
    const pointerBytes = offsetBytes + widthOf(mostRecords) + below.totalWidth;
    const most = Math.floor((nodeBytes - nodeOverheadBytes - pointerBytes) / (recordBytes + pointerBytes));
    const mostBelow = (most + 1) * below.mostBelow + most;
    levels.push({ mostRecords: most, mostBelow, totalWidth: widthOf(mostBelow) });
  }
  return levels;
}

/** The bytes that a number up to a limit takes. */
function widthOf(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;
}

async function readNode(
  store: Hdf5Store,
  { type, recordBytes, levels }: Tree,
  { address, count, depth }: Node,
): Promise<{ readonly records: Hdf5Bytes; readonly children: readonly Node[] }> {
  const { offsetBytes } = store.widths;
  const countWidth = widthOf(levels[0]?.mostRecords ?? 0);
  const totalWidth = levels[depth - 1]?.totalWidth ?? 0;
  const pointerBytes = offsetBytes + countWidth + totalWidth;
  const sizeBytes = 6 + count * recordBytes + (depth === 0 ? 0 : (count + 1) * pointerBytes);
  const node = (await store.checked(address, sizeBytes)).expect(depth === 0 ? 'BTLF' : 'BTIN', 0);
  if (node.uint(1) !== type) throw node.error('a node is not of the type of its tree', 5);
  const records = node.sub(count * recordBytes);
  const children: Node[] = [];
  for (let index = 0; depth > 0 && index <= count; index += 1) {
    const child = node.dueAddress('a node of a tree');
    children.push({ address: child, count: node.uint(countWidth), depth: depth - 1 });
    node.skip(totalWidth);
  }
  return { records, children };
}
