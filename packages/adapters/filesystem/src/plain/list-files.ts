import type { ListOptions, ListPage, ObjectInfo } from '@holdfast/ports';
import { toObjectInfo } from './file-state.ts';
import type { FolderTree } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import { TreeWalk, type WalkedFile } from './tree-walk.ts';

const defaultPageSize = 1_000;

/** Lists the files of a tree page by page. */
export async function* listFiles(tree: FolderTree, options: ListOptions): AsyncGenerator<ListPage> {
  const walk = new TreeWalk(tree, options);
  for (;;) {
    const { files, prefixes, isLast } = await nextPage(walk, options);
    const found = await Promise.all(files.map(describe));
    const objects = found.filter((info) => info !== undefined);
    if (objects.length + prefixes.length > 0) yield { objects, prefixes };
    if (isLast) return;
  }
}

interface WalkedPage {
  readonly files: readonly WalkedFile[];
  readonly prefixes: readonly string[];
  readonly isLast: boolean;
}

async function nextPage(walk: TreeWalk, options: ListOptions): Promise<WalkedPage> {
  const { pageSize = defaultPageSize, prefix = '', delimiter } = options;
  const files: WalkedFile[] = [];
  const prefixes: string[] = [];
  while (files.length + prefixes.length < pageSize) {
    const file = await walk.next();
    if (file === undefined) return { files, prefixes, isLast: true };
    const start = delimiter === undefined ? -1 : file.key.indexOf(delimiter, prefix.length);
    if (delimiter === undefined || start === -1) {
      files.push(file);
      continue;
    }
    const folded = file.key.slice(0, start + delimiter.length);
    prefixes.push(folded);
    walk.leave(folded);
  }
  return { files, prefixes, isLast: false };
}

async function describe({ key, path }: WalkedFile): Promise<ObjectInfo | undefined> {
  const seen = await lookAt(path);
  return seen?.kind === 'file' ? toObjectInfo(key, seen.stats) : undefined;
}
