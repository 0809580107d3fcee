import type { BlobClient, BlobDownloadResponseParsed } from '@azure/storage-blob';
import type { OpenedObject, OpenOptions } from '@holdfast/adapter-kit';
import { quotedEtag } from './azure-names.ts';
import { storedObject } from './stored-object.ts';
import { isPreconditionFailure, notAnAnswerOfAzure } from './to-storage-error.ts';

const contentRange = /^bytes (\d+)-(\d+)\/(\d+)$/;
const mostStates = 10;

type PlainRange = { readonly offset: number; readonly length?: number | undefined };

/** Begins to read a blob. The last bytes, which Azure cannot be asked for, are a range of the state that is seen first. */
export async function openAzureBlob(client: BlobClient, options: OpenOptions): Promise<OpenedObject> {
  const { range } = options;
  if (range === undefined || 'offset' in range) return openRange(client, range, options);
  for (let states = 1; ; states++) {
    const answer = await client.getProperties({
      abortSignal: options.signal,
      conditions: conditionsOf(options),
    });
    const { sizeBytes, etag } = storedObject(answer, answer.contentLength);
    const offset = Math.max(0, sizeBytes - range.suffix);
    try {
      const last = sizeBytes === 0 ? undefined : { offset };
      return await openRange(client, last, { ...options, ifMatch: options.ifMatch ?? etag });
    } catch (error) {
      const wasReplaced = options.ifMatch === undefined && isPreconditionFailure(error);
      if (!wasReplaced || states === mostStates) throw error;
    }
  }
}

async function openRange(
  client: BlobClient,
  range: PlainRange | undefined,
  options: OpenOptions,
): Promise<OpenedObject> {
  const answer = await client.download(range?.offset ?? 0, range?.length, {
    abortSignal: options.signal,
    conditions: conditionsOf(options),
    maxRetryRequests: 0,
  });
  const body = answer.readableStreamBody as (AsyncIterable<Uint8Array> & Destroyable) | undefined;
  if (body === undefined) throw notAnAnswerOfAzure('body');
  body.on('error', () => undefined);
  const close = (): void => void body.destroy();
  try {
    const told = rangeOf(answer);
    return { object: storedObject(answer, told.sizeBytes), range: told, body, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface Destroyable {
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
}

function conditionsOf({ ifMatch, ifNoneMatch }: OpenOptions): { ifMatch?: string; ifNoneMatch?: string } {
  return {
    ...(ifMatch === undefined ? {} : { ifMatch: quotedEtag(ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: quotedEtag(ifNoneMatch) }),
  };
}

function rangeOf({ contentRange: header, contentLength }: BlobDownloadResponseParsed): {
  readonly offset: number;
  readonly length: number;
  readonly sizeBytes: number;
} {
  if (contentLength === undefined) throw notAnAnswerOfAzure('length');
  if (header === undefined) return { offset: 0, length: contentLength, sizeBytes: contentLength };
  const [, first, last, size] = contentRange.exec(header) ?? [];
  if (first === undefined) throw notAnAnswerOfAzure('readable range');
  const length = Number(last) - Number(first) + 1;
  if (contentLength !== length) throw notAnAnswerOfAzure('length that fits its range');
  return { offset: Number(first), length, sizeBytes: Number(size) };
}
