import { compareKeys } from '@holdfast/domain';
import type { ListOptions, ListPage, ObjectInfo } from '@holdfast/ports';
import type { MemoryStore } from './memory-store.ts';

/** Whether a key lies behind what was listed; once it does, so does every later one. */
type Cursor = (key: string) => boolean;

interface PageAndCursor extends ListPage {
  /** `undefined` when nothing can follow. */
  readonly next: Cursor | undefined;
}

/** Lists a store; each page is read in one go. `pageSize` is given by then. */
export function* listStore(
  store: MemoryStore,
  options: ListOptions & { readonly pageSize: number },
): Generator<ListPage> {
  const { prefix = '', startAfter = '' } = options;
  let cursor: Cursor | undefined = (key) => compareKeys(key, prefix) >= 0 && compareKeys(key, startAfter) > 0;
  while (cursor !== undefined) {
    const { objects, prefixes, next } = readPage(store, cursor, options);
    cursor = next;
    if (objects.length > 0 || prefixes.length > 0) yield { objects, prefixes };
  }
}

function readPage(
  store: MemoryStore,
  start: Cursor,
  options: ListOptions & { readonly pageSize: number },
): PageAndCursor {
  const { prefix = '', delimiter, pageSize } = options;
  const objects: ObjectInfo[] = [];
  const prefixes: string[] = [];
  let cursor = start;
  while (objects.length + prefixes.length < pageSize) {
    const info = store.first(cursor)?.info;
    if (info === undefined || !info.key.startsWith(prefix)) return { objects, prefixes, next: undefined };
    const folded = foldedPrefix(info.key, prefix, delimiter);
    if (folded === undefined) objects.push(info);
    else prefixes.push(folded);
    cursor = folded === undefined ? behindKey(info.key) : behindPrefix(folded);
  }
  return { objects, prefixes, next: cursor };
}

function foldedPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const index = key.indexOf(delimiter, prefix.length);
  return index === -1 ? undefined : key.slice(0, index + delimiter.length);
}

function behindKey(listed: string): Cursor {
  return (key) => compareKeys(key, listed) > 0;
}

function behindPrefix(folded: string): Cursor {
  return (key) => compareKeys(key, folded) > 0 && !key.startsWith(folded);
}
