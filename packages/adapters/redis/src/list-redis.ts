import { type ObjectKey, compareKeys } from '@holdfast/domain';
import type { ListOptions, ListPage, ObjectInfo, OperationContext } from '@holdfast/ports';
import type { StoreTools } from './store-tools.ts';
import type { PageRequest, StoredPage } from './store/redis-store.ts';
import { parseRecord } from './store/stored-record.ts';

/** Pages of a listing, each of one moment. */
export async function* listRedis(
  { store, runner }: StoreTools,
  options: ListOptions & { readonly pageSize: number },
  context: OperationContext,
): AsyncGenerator<ListPage> {
  const { prefix = '', delimiter = '', startAfter = '', pageSize, signal } = options;
  let from: string | Uint8Array | undefined = firstBound(prefix, startAfter);
  while (from !== undefined) {
    const asked: PageRequest = { prefix, delimiter, from, pageSize };
    const page: StoredPage = await runner.run(context, { signal }, (attempt) => store.page(asked, attempt));
    const objects: ObjectInfo[] = [];
    const prefixes: string[] = [];
    for (const { name, record } of page.entries) {
      if (record === undefined) prefixes.push(name);
      else objects.push(parseRecord(name as ObjectKey, record, context).info);
    }
    if (page.entries.length > 0) yield { objects, prefixes };
    from = page.next;
  }
}

/** Where a listing begins, as `ZRANGEBYLEX` spells it. */
function firstBound(prefix: string, startAfter: string): string {
  if (startAfter !== '' && compareKeys(startAfter, prefix) >= 0) return `(${startAfter}`;
  return prefix === '' ? '-' : `[${prefix}`;
}
