import type { ListAnswer, ListRequest } from '@holdfast/adapter-kit';
import type { GcsClient } from './gcs-client.ts';
import { describedFields, objectResource } from './stored-object.ts';
import { notAnAnswerOfGcs } from './to-storage-error.ts';

/** Whatever follows a fold's name sorts before this. */
const highest = '\u{10FFFF}';

/** One page. What lies in a fold in which the listing starts is told by a page of its own. */
export async function listGcsPage(
  client: GcsClient,
  path: string,
  request: ListRequest,
): Promise<ListAnswer> {
  const fold = request.cursor === undefined ? foldOf(request) : undefined;
  if (fold === undefined) return listPlainly(client, path, request);
  const { delimiter: _unfolded, ...unfolded } = request;
  const inside = await listPlainly(client, path, { ...unfolded, prefix: fold, pageSize: 2 });
  const hasMore = inside.objects.length > 0;
  return { objects: [], prefixes: hasMore ? [fold] : [], cursor: afterFold + fold };
}

/** How a cursor says that a fold was told. */
const afterFold = 'after ';
const fromToken = 'token ';

async function listPlainly(client: GcsClient, path: string, request: ListRequest): Promise<ListAnswer> {
  const { prefix, delimiter, pageSize, cursor, startAfter, signal } = request;
  const fold = cursor?.startsWith(afterFold) === true ? cursor.slice(afterFold.length) : undefined;
  const { value } = await client.json({
    method: 'GET',
    path,
    query: {
      prefix,
      delimiter,
      maxResults: String(pageSize),
      fields: `kind,nextPageToken,prefixes,items(${describedFields})`,
      startOffset: fold === undefined ? startAfter : fold + highest,
      pageToken: cursor?.startsWith(fromToken) === true ? cursor.slice(fromToken.length) : undefined,
    },
    signal,
  });
  const { kind, nextPageToken, prefixes = [], items = [] } = (value ?? {}) as ListResource;
  const areLists = Array.isArray(prefixes) && Array.isArray(items);
  if (kind !== 'storage#objects' || !areLists) throw notAnAnswerOfGcs('list of objects');
  if (!prefixes.every((folded) => typeof folded === 'string')) throw notAnAnswerOfGcs('list of names');
  if (nextPageToken !== undefined && typeof nextPageToken !== 'string')
    throw notAnAnswerOfGcs('readable token');
  const told = foldOf(request);
  return {
    objects: items.map((item) => objectResource(item)).filter(({ name }) => name !== startAfter),
    prefixes: prefixes.filter((name) => name !== told),
    cursor: nextPageToken === undefined || nextPageToken === '' ? undefined : fromToken + nextPageToken,
  };
}

interface ListResource {
  readonly kind?: unknown;
  readonly nextPageToken?: unknown;
  readonly prefixes?: unknown;
  readonly items?: unknown;
}

/** The fold in which a listing starts, if it does. */
function foldOf({ prefix, delimiter, startAfter }: ListRequest): string | undefined {
  if (delimiter === undefined || startAfter?.startsWith(prefix) !== true) return undefined;
  const at = startAfter.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : startAfter.slice(0, at + delimiter.length);
}
