import type { ObjectKey } from '@holdfast/domain';
import type { ListOptions, ListPage, ObjectInfo, OperationContext } from '@holdfast/ports';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { CloudDriver, ListedObject } from './cloud-driver.ts';
import type { KeySpelling } from './key-spelling.ts';
import { ListingCheck } from './listing-check.ts';

/** What listing needs. */
export interface ListCloudOptions {
  readonly runner: RequestRunner;
  readonly keys: KeySpelling;
  readonly context: OperationContext;
  readonly options: ListOptions & { readonly pageSize: number };
  readonly infoOf: (key: ObjectKey, object: ListedObject) => ObjectInfo;
}

/** Pages of a listing, in keys; names that spell no key are somebody else's and left out. */
export async function* listCloud(
  driver: CloudDriver,
  { runner, keys, context, options, infoOf }: ListCloudOptions,
): AsyncGenerator<ListPage> {
  const { prefix = '', delimiter, startAfter, pageSize, signal } = options;
  const asked = {
    prefix: keys.beginningOf(prefix),
    delimiter: delimiter === undefined ? undefined : keys.partOf(delimiter),
    startAfter: startAfter === undefined || startAfter === '' ? undefined : keys.beginningOf(startAfter),
    pageSize,
  };
  const check = new ListingCheck(driver, asked);
  let cursor: string | undefined;
  do {
    const from: string | undefined = cursor;
    const answer = await runner.run(context, { signal }, async (attempt) => {
      const page = await driver.listPage({ ...asked, cursor: from, signal: attempt });
      check.accept(page, from);
      return page;
    });
    const objects = answer.objects.flatMap((object) => {
      const key = keys.keyOf(object.name);
      return key === undefined ? [] : [infoOf(key, object)];
    });
    const prefixes = answer.prefixes.flatMap((name) => keys.textOf(name) ?? []);
    if (objects.length + prefixes.length > 0) yield { objects, prefixes };
    cursor = answer.cursor;
  } while (cursor !== undefined);
}
