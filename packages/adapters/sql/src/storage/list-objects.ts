import { firstTextAfter, type KeyRange, keyRange, maximumPageSize } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import type { ListOptions, ListPage, ObjectInfo } from '@holdfast/ports';
import type { Kysely } from 'kysely';
import type { ObjectDatabase } from './object-database.ts';
import { type ObjectRecord, recordColumns, toObjectInfo } from './object-record.ts';
import type { ObjectSchema } from './object-schema.ts';

interface FoundPage {
  readonly page: ListPage;
  /** What is still to be listed. */
  readonly rest: KeyRange | undefined;
}

type FoldingOptions = ListOptions & { readonly pageSize: number; readonly delimiter: string };

const context = { operation: 'list', backend: StorageBackend.Database };

/** Lists a store page by page; each page is one state of the store. */
export async function* listObjects(database: ObjectDatabase, options: ListOptions): AsyncGenerator<ListPage> {
  const { pageSize = maximumPageSize, delimiter, signal } = options;
  let range: KeyRange | undefined = keyRange(options.prefix ?? '', options.startAfter);
  while (range !== undefined) {
    const from: KeyRange = range;
    const { page, rest }: FoundPage =
      delimiter === undefined
        ? await database.read(context, (reader) => readPage(reader, from, pageSize), { signal })
        : await database.snapshot(
            context,
            (reader) => readFolded(reader, from, { ...options, pageSize, delimiter }),
            { signal },
          );
    if (page.objects.length + page.prefixes.length > 0) yield page;
    range = rest;
  }
}

async function readPage(reader: Kysely<ObjectSchema>, range: KeyRange, pageSize: number): Promise<FoundPage> {
  const rows = await readRows(reader, range, pageSize);
  return {
    page: { objects: rows.map(toObjectInfo), prefixes: [] },
    rest: restAfter(rows, range, pageSize),
  };
}

/** Jumps over each folded group by one look-up, however many keys are in it. */
async function readFolded(
  reader: Kysely<ObjectSchema>,
  range: KeyRange,
  options: FoldingOptions,
): Promise<FoundPage> {
  const { prefix = '', delimiter, pageSize } = options;
  const objects: ObjectInfo[] = [];
  const prefixes: string[] = [];
  let rest: KeyRange | undefined = range;
  while (rest !== undefined && objects.length + prefixes.length < pageSize) {
    const wanted = pageSize - objects.length - prefixes.length;
    const rows: readonly ObjectRecord[] = await readRows(reader, rest, wanted);
    rest = restAfter(rows, rest, wanted);
    for (const row of rows) {
      const folded = foldedPrefix(row.key, prefix, delimiter);
      if (folded === undefined) {
        objects.push(toObjectInfo(row));
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

async function readRows(
  reader: Kysely<ObjectSchema>,
  { from, isFromIncluded, before }: KeyRange,
  count: number,
): Promise<readonly ObjectRecord[]> {
  let query = reader.selectFrom('objects').select(recordColumns);
  query = query.where('key', isFromIncluded ? '>=' : '>', from);
  if (before !== undefined) query = query.where('key', '<', before);
  return query.orderBy('key').limit(count).execute();
}

function restAfter(rows: readonly ObjectRecord[], range: KeyRange, count: number): KeyRange | undefined {
  const last = rows.at(-1);
  if (last === undefined || rows.length < count) return undefined;
  return { from: last.key, isFromIncluded: false, before: range.before };
}

function foldedPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}
