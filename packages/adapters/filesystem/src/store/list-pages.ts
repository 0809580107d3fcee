import { type KeyRange, firstTextAfter, keyRange } from '@holdfast/adapter-kit';
import type { ListOptions, ListPage, ObjectInfo } from '@holdfast/ports';
import { type ListedRow, toListedInfo } from './listed-row.ts';
import type { ObjectIndex } from './object-index.ts';

const defaultPageSize = 1_000;

type Reader = <T>(read: (index: ObjectIndex) => T) => Promise<T>;

/** Lists an index page by page; each page is a read transaction of its own. */
export async function* listPages(read: Reader, options: ListOptions): AsyncIterable<ListPage> {
  const { pageSize = defaultPageSize } = options;
  let range: KeyRange | undefined = keyRange(options.prefix ?? '', options.startAfter);
  while (range !== undefined) {
    const from: KeyRange = range;
    const found = await read((index) =>
      index.snapshot(() => collectPage(index, from, { ...options, pageSize })),
    );
    if (found.page.objects.length + found.page.prefixes.length > 0) yield found.page;
    range = found.rest;
  }
}

interface FoundPage {
  readonly page: ListPage;
  /** What is still to be listed. */
  readonly rest: KeyRange | undefined;
}

function collectPage(
  index: ObjectIndex,
  range: KeyRange,
  options: ListOptions & { pageSize: number },
): FoundPage {
  if (options.delimiter === undefined) {
    const rows = index.listedPage(range, options.pageSize);
    return {
      page: { objects: rows.map(toListedInfo), prefixes: [] },
      rest: restAfter(rows, range, options.pageSize),
    };
  }
  return collectFolded(index, range, { ...options, delimiter: options.delimiter });
}

function restAfter(rows: readonly ListedRow[], range: KeyRange, pageSize: number): KeyRange | undefined {
  const last = rows.at(-1);
  if (last === undefined || rows.length < pageSize) return undefined;
  return { from: last[0], isFromIncluded: false, before: range.before };
}

/** Jumps over each folded group by one look-up, however many keys are in it. */
function collectFolded(
  index: ObjectIndex,
  range: KeyRange,
  options: ListOptions & { pageSize: number; delimiter: string },
): FoundPage {
  const objects: ObjectInfo[] = [];
  const prefixes: string[] = [];
  let rest: KeyRange | undefined = range;
  while (rest !== undefined && objects.length + prefixes.length < options.pageSize) {
    const rows = index.listedPage(rest, options.pageSize - objects.length - prefixes.length);
    rest = restAfter(rows, rest, options.pageSize - objects.length - prefixes.length);
    for (const row of rows) {
      const folded = foldedPrefix(row[0], options.prefix ?? '', options.delimiter);
      if (folded === undefined) {
        objects.push(toListedInfo(row));
        continue;
      }
      prefixes.push(folded);
      const next = firstTextAfter(folded);
      rest = next === undefined ? undefined : { from: next, isFromIncluded: true, before: range.before };
      break;
    }
  }
  return { page: { objects, prefixes }, rest };
}

function foldedPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}
