import type { OpenedObject, OpenOptions } from '@holdfast/adapter-kit';
import type { ByteRange } from '@holdfast/ports';
import type { GcsClient } from './gcs-client.ts';
import { bytesPath, objectPath } from './gcs-names.ts';
import { describedFields, objectOfHeaders, objectResource } from './stored-object.ts';
import { notAnAnswerOfGcs, stateRefused } from './to-storage-error.ts';

/** Some servers answer the last bytes of an empty object with `0--1/0`. */
const contentRange = /^bytes (\d+)-(\d+|-1)\/(\d+)$/;

/**
 * Begins to read an object's bytes as they are stored. The whole is asked for as a range too: only then does the answer
 * tell both lengths, and nothing is packed or unpacked on the way.
 */
export async function openGcsObject(
  client: GcsClient,
  at: { readonly bucket: string; readonly name: string },
  { range, ifMatch, ifNoneMatch, version, signal }: OpenOptions,
): Promise<OpenedObject> {
  if (ifNoneMatch !== undefined) await requireOtherState(client, at, { ifNoneMatch, version, signal });
  const { headers, body } = await client.send({
    method: 'GET',
    path: bytesPath(at.bucket, at.name),
    query: { generation: version },
    headers: {
      range: rangeHeader(range ?? { offset: 0 }),
      'accept-encoding': 'gzip',
      ...(ifMatch === undefined ? {} : { 'x-goog-if-generation-match': ifMatch }),
    },
    signal,
  });
  const close = (): void => void body.destroy();
  try {
    const told = rangeOf(headers);
    const object = objectOfHeaders(headers, told.sizeBytes);
    return { object, range: told, body: body as AsyncIterable<Uint8Array>, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Only the JSON API can refuse a generation; asked first, no body is begun in vain. */
async function requireOtherState(
  client: GcsClient,
  { bucket, name }: { readonly bucket: string; readonly name: string },
  { ifNoneMatch, version, signal }: Pick<OpenOptions, 'ifNoneMatch' | 'version' | 'signal'>,
): Promise<void> {
  const path = objectPath(bucket, name);
  const query = { generation: version, ifGenerationNotMatch: ifNoneMatch, fields: describedFields };
  const { value } = await client.json({ method: 'GET', path, query, signal });
  if (objectResource(value).etag === ifNoneMatch) throw stateRefused('not-modified');
}

function rangeHeader(range: ByteRange): string {
  if ('suffix' in range) return `bytes=-${range.suffix}`;
  const { offset, length } = range;
  const last = length === undefined ? '' : Math.min(offset + length - 1, Number.MAX_SAFE_INTEGER);
  return `bytes=${offset}-${last}`;
}

function rangeOf(headers: Headers): {
  readonly offset: number;
  readonly length: number;
  readonly sizeBytes: number;
} {
  const header = headers.get('content-range');
  if (header === null) {
    const length = Number(headers.get('content-length') ?? Number.NaN);
    if (!Number.isSafeInteger(length)) throw notAnAnswerOfGcs('length');
    return { offset: 0, length, sizeBytes: length };
  }
  const [, first, last, size] = contentRange.exec(header) ?? [];
  if (first === undefined) throw notAnAnswerOfGcs('readable range');
  return { offset: Number(first), length: Number(last) - Number(first) + 1, sizeBytes: Number(size) };
}
