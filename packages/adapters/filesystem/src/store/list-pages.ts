import type { ListOptions, ListPage, ObjectInfo } from '@holdfast/ports';
import { type KeyRange, firstTextAfter, keyRange } from './key-range.ts';
import type { ObjectIndex } from './object-index.ts';
import { type ObjectRecord, toObjectInfo } from './object-record.ts';

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
    const records = index.page(range, options.pageSize);
    return {
      page: { objects: records.map(toObjectInfo), prefixes: [] },
      rest: restAfter(records, range, options.pageSize),
    };
  }
  return collectFolded(index, range, { ...options, delimiter: options.delimiter });
}

function restAfter(
  records: readonly ObjectRecord[],
  range: KeyRange,
  pageSize: number,
): KeyRange | undefined {
  const last = records.at(-1);
  if (last === undefined || records.length < pageSize) return undefined;
  return { from: last.key, isFromIncluded: false, before: range.before };
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
    const records = index.page(rest, options.pageSize - objects.length - prefixes.length);
    rest = restAfter(records, rest, options.pageSize - objects.length - prefixes.length);
    for (const record of records) {
      const folded = foldedPrefix(record.key, options.prefix ?? '', options.delimiter);
      if (folded === undefined) {
        objects.push(toObjectInfo(record));
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
