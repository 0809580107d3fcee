import type { S3 } from '@aws-sdk/client-s3';
import type { ListAnswer, ListRequest } from '@holdfast/adapter-kit';
import { bareEtag, decodeListed } from './s3-names.ts';
import { notAnAnswerOfS3 } from './to-storage-error.ts';

/** Whatever follows a fold's name sorts before this. */
const highest = '\u{10FFFF}';

/** One page. What lies in a fold in which the listing starts is told by a page of its own: servers differ there. */
export async function listS3Page(client: S3, bucket: string, request: ListRequest): Promise<ListAnswer> {
  const fold = request.cursor === undefined ? foldOf(request) : undefined;
  if (fold === undefined) return listPlainly(client, bucket, request);
  const { delimiter: _unfolded, ...unfolded } = request;
  const inside = await listPlainly(client, bucket, { ...unfolded, prefix: fold, pageSize: 1 });
  const hasMore = inside.objects.length > 0;
  return { objects: [], prefixes: hasMore ? [fold] : [], cursor: afterFold + fold };
}

/** How a cursor says that a fold was told. */
const afterFold = 'after ';
const fromToken = 'token ';

async function listPlainly(client: S3, bucket: string, request: ListRequest): Promise<ListAnswer> {
  const { prefix, delimiter, pageSize, cursor, signal } = request;
  const fold = cursor?.startsWith(afterFold) === true ? cursor.slice(afterFold.length) : undefined;
  const token = cursor?.startsWith(fromToken) === true ? cursor.slice(fromToken.length) : undefined;
  const startAfter = fold === undefined ? request.startAfter : fold + highest;
  const answer = await client.listObjectsV2(
    {
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: pageSize,
      EncodingType: 'url',
      ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
      ...(token === undefined
        ? startAfter === undefined
          ? {}
          : { StartAfter: startAfter }
        : { ContinuationToken: token }),
    },
    { abortSignal: signal },
  );
  if (answer.Name === undefined) throw notAnAnswerOfS3('name of the bucket');
  const next = answer.NextContinuationToken;
  const nameOf = answer.EncodingType === 'url' ? decodeListed : (text: string): string => text;
  return {
    objects: (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
      name: nameOf(Key),
      sizeBytes: Size,
      etag: bareEtag(ETag),
      lastModifiedMs: LastModified?.getTime() ?? 0,
    })),
    prefixes: (answer.CommonPrefixes ?? [])
      .map(({ Prefix = '' }) => nameOf(Prefix))
      .filter((name) => name !== foldOf(request)),
    cursor: answer.IsTruncated === true && next !== undefined ? fromToken + next : undefined,
  };
}

/** The fold in which a listing starts, if it does. */
function foldOf({ prefix, delimiter, startAfter }: ListRequest): string | undefined {
  if (delimiter === undefined || startAfter?.startsWith(prefix) !== true) return undefined;
  const at = startAfter.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : startAfter.slice(0, at + delimiter.length);
}
