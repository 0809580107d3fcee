import type { S3 } from '@aws-sdk/client-s3';
import type { OpenedObject, OpenOptions } from '@holdfast/adapter-kit';
import type { ByteRange } from '@holdfast/ports';
import { quotedEtag } from './s3-names.ts';
import { storedObject } from './stored-object.ts';
import { notAnAnswerOfS3 } from './to-storage-error.ts';

const contentRange = /^bytes (\d+)-(\d+)\/(\d+)$/;

/** Begins to read an object. The whole is asked for as a range too: only then does the answer tell both lengths. */
export async function openS3Object(
  client: S3,
  at: { readonly Bucket: string; readonly Key: string },
  { range, ifMatch, ifNoneMatch, version, signal }: OpenOptions,
): Promise<OpenedObject> {
  const answer = await client.getObject(
    {
      ...at,
      Range: rangeHeader(range ?? { offset: 0 }),
      ...(ifMatch === undefined ? {} : { IfMatch: quotedEtag(ifMatch) }),
      ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: quotedEtag(ifNoneMatch) }),
      ...(version === undefined ? {} : { VersionId: version }),
    },
    { abortSignal: signal },
  );
  const body = answer.Body as (AsyncIterable<Uint8Array> & Destroyable) | undefined;
  if (body === undefined) throw notAnAnswerOfS3('body');
  body.on('error', () => undefined);
  const close = (): void => void body.destroy();
  try {
    const told = rangeOf(answer.ContentRange, answer.ContentLength);
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

function rangeHeader(range: ByteRange): string {
  if ('suffix' in range) return `bytes=-${range.suffix}`;
  const { offset, length } = range;
  const last = length === undefined ? '' : Math.min(offset + length - 1, Number.MAX_SAFE_INTEGER);
  return `bytes=${offset}-${last}`;
}

function rangeOf(
  header: string | undefined,
  lengthBytes: number | undefined,
): { readonly offset: number; readonly length: number; readonly sizeBytes: number } {
  if (header === undefined) {
    if (lengthBytes === undefined) throw notAnAnswerOfS3('length');
    return { offset: 0, length: lengthBytes, sizeBytes: lengthBytes };
  }
  const [, first, last, size] = contentRange.exec(header) ?? [];
  if (first === undefined) throw notAnAnswerOfS3('readable range');
  const length = Number(last) - Number(first) + 1;
  if (lengthBytes !== undefined && lengthBytes !== length)
    throw notAnAnswerOfS3('length that fits its range');
  return { offset: Number(first), length, sizeBytes: Number(size) };
}
