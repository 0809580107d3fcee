import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { ListAnswer, ListedObject, ListRequest } from '@holdfast/adapter-kit';
import { foldNames } from './fold-names.ts';
import { storedObject } from './stored-object.ts';
import { notAnAnswerOfAzure } from './to-storage-error.ts';

/** Which entries a page has, and where the next one begins. */
interface Segment {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  readonly token: string | undefined;
}

/**
 * One page. Azure folds by `/`; any other delimiter could stand inside of an escape of a name, and is folded here, over
 * a listing without folds. Names of one fold follow each other, whatever the order, so the last fold is all to remember.
 */
export async function listAzurePage(client: ContainerClient, request: ListRequest): Promise<ListAnswer> {
  const { delimiter, prefix, cursor } = request;
  if (delimiter === undefined || delimiter === '/') {
    const { token, ...page } = await segmentOf(client, request, cursor);
    return { ...page, cursor: token };
  }
  const [from, lastFold] = cursor === undefined ? [] : (JSON.parse(cursor) as readonly [string, string?]);
  const { objects, token } = await segmentOf(client, { ...request, delimiter: undefined }, from);
  const folded = foldNames(objects, { prefix, delimiter, lastFold });
  return {
    objects: folded.objects,
    prefixes: folded.prefixes,
    cursor: token === undefined ? undefined : JSON.stringify([token, folded.lastFold]),
  };
}

async function segmentOf(
  client: ContainerClient,
  { prefix, delimiter, pageSize, signal }: ListRequest,
  continuationToken: string | undefined,
): Promise<Segment> {
  const options = { prefix, includeMetadata: true, abortSignal: signal };
  const page = { maxPageSize: pageSize, ...(continuationToken === undefined ? {} : { continuationToken }) };
  const pages =
    delimiter === undefined
      ? client.listBlobsFlat(options).byPage(page)
      : client.listBlobsByHierarchy(delimiter, options).byPage(page);
  const { value } = await firstOf(pages);
  if (value?.containerName === undefined) throw notAnAnswerOfAzure('name of the container');
  return {
    objects: value.segment.blobItems.filter((item) => !isFolder(item)).map(listedObject),
    prefixes: (value.segment.blobPrefixes ?? []).map(({ name }) => name),
    token: value.continuationToken === '' ? undefined : value.continuationToken,
  };
}

/** The client takes for granted that an answer is a list. */
async function firstOf(pages: AsyncIterable<Answer>): Promise<IteratorResult<Answer, undefined>> {
  try {
    return await pages[Symbol.asyncIterator]().next();
  } catch (error) {
    throw error instanceof TypeError ? notAnAnswerOfAzure('list') : error;
  }
}

interface Answer {
  readonly containerName?: string;
  readonly continuationToken?: string;
  readonly segment: {
    readonly blobItems: readonly BlobItem[];
    readonly blobPrefixes?: readonly { readonly name: string }[];
  };
}

/** Accounts with hierarchical name spaces list their folders as empty blobs. */
function isFolder({ metadata = {} }: BlobItem): boolean {
  return Object.entries(metadata).some(
    ([name, value]) => name.toLowerCase() === 'hdi_isfolder' && value === 'true',
  );
}

/** What the client declares to be there is what an answer should hold. */
function listedObject({ name, properties, ...item }: BlobItem): ListedObject {
  return { name, ...storedObject({ ...properties, ...item }, properties.contentLength) };
}
