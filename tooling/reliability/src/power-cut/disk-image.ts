import { linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file or a folder, by whatever names it can be reached. */
export type NodeId = number;

/** What is on a disk below one folder, the node 0. */
export interface DiskImage {
  readonly files: Map<NodeId, Buffer>;
  readonly folders: Map<NodeId, ReadonlyMap<string, NodeId>>;
}

/** A change of one node. */
export type DiskChange =
  | { readonly kind: 'bytes'; readonly node: NodeId; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'size'; readonly node: NodeId; readonly sizeBytes: number }
  | {
      readonly kind: 'entries';
      readonly node: NodeId;
      /** Names of the folder, and what has each from now on. */
      readonly entries: readonly (readonly [name: string, node: NodeId | undefined])[];
    };

export const rootNode: NodeId = 0;

const permissions = 0o644;

/** SQLite's shared memory: the first process that opens the database makes it again, and is never synced. */
export function isVolatile(name: string): boolean {
  return name.endsWith('-shm');
}

/** Changes an image; what is not a file or folder of it yet becomes one. */
export function applyChange(image: DiskImage, change: DiskChange): void {
  const { node } = change;
  if (change.kind === 'entries') {
    const entries = new Map(image.folders.get(node));
    for (const [name, target] of change.entries)
      if (target === undefined) entries.delete(name);
      else entries.set(name, target);
    image.folders.set(node, entries);
    return;
  }
  const before = image.files.get(node) ?? Buffer.alloc(0);
  const sizeBytes =
    change.kind === 'size'
      ? change.sizeBytes
      : Math.max(before.byteLength, change.offset + change.bytes.byteLength);
  const after = Buffer.alloc(sizeBytes);
  before.copy(after);
  if (change.kind === 'bytes') change.bytes.copy(after, change.offset);
  image.files.set(node, after);
}

export function copyImage({ files, folders }: DiskImage): DiskImage {
  return { files: new Map(files), folders: new Map(folders) };
}

/** Reads a folder. Several names of one file are seen as such; links to names are not expected. */
export function readImage(folder: string): DiskImage {
  const image: DiskImage = { files: new Map(), folders: new Map() };
  const known = new Map<number, NodeId>();
  const read = (path: string, node: NodeId): void => {
    const entries = new Map<string, NodeId>();
    image.folders.set(node, entries);
    for (const name of readdirSync(path).toSorted()) {
      const child = join(path, name);
      const stats = lstatSync(child);
      if (stats.isSymbolicLink()) throw new Error(`A power cut cannot be replayed over the link ${child}.`);
      const id = known.get(stats.ino) ?? known.size + 1;
      entries.set(name, id);
      if (known.has(stats.ino)) continue;
      known.set(stats.ino, id);
      if (stats.isDirectory()) read(child, id);
      else image.files.set(id, readFileSync(child));
    }
  };
  read(folder, rootNode);
  return image;
}

/** Makes a folder hold what an image says, and nothing else. */
export function writeImage(image: DiskImage, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const written = new Map<NodeId, string>();
  mkdirSync(folder);
  for (const { path, node, isFolder } of walkImage(image)) {
    const target = join(folder, path);
    const first = written.get(node);
    if (isFolder) mkdirSync(target);
    else if (first !== undefined) linkSync(first, target);
    else writeFileSync(target, image.files.get(node) ?? '', { mode: permissions });
    written.set(node, target);
  }
}

/** Whatever can be reached by a name, a folder before what it holds, in the same order each time. */
export function* walkImage(
  image: DiskImage,
  folder: NodeId = rootNode,
  prefix = '',
): Generator<{ readonly path: string; readonly node: NodeId; readonly isFolder: boolean }> {
  for (const [name, node] of [...(image.folders.get(folder) ?? [])].toSorted(byName)) {
    if (isVolatile(name)) continue;
    const path = join(prefix, name);
    const isFolder = image.folders.has(node);
    yield { path, node, isFolder };
    if (isFolder) yield* walkImage(image, node, path);
  }
}

function byName([left]: readonly [string, NodeId], [right]: readonly [string, NodeId]): number {
  return left < right ? -1 : 1;
}
