import type { ListObjectsV2CommandOutput, S3, _Object as ListedByS3 } from '@aws-sdk/client-s3';
import {
  type ListAnswer,
  type ListRequest,
  type ListedObject,
  inconsistentAnswer,
} from '@holdfast/adapter-kit';
import { decodeListed } from './s3-names.ts';
import { storedObject } from './stored-object.ts';
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
  const from = cursor?.startsWith(fromToken) === true ? cursor.slice(fromToken.length) : undefined;
  const startAfter = fold === undefined ? request.startAfter : fold + highest;
  const answer = await client.listObjectsV2(
    {
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: pageSize,
      EncodingType: 'url',
      ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
      ...(from === undefined
        ? startAfter === undefined
          ? {}
          : { StartAfter: startAfter }
        : { ContinuationToken: from }),
    },
    { abortSignal: signal },
  );
  if (answer.Name === undefined) throw notAnAnswerOfS3('name of the bucket');
  const nameOf = answer.EncodingType === 'url' ? decodeListed : (text: string): string => text;
  const { Contents = [], CommonPrefixes = [] } = answer;
  if ((answer.KeyCount ?? 0) > Contents.length + CommonPrefixes.length)
    throw inconsistentAnswer(
      `the listing is incomplete: it announces ${answer.KeyCount} entries and has ${Contents.length + CommonPrefixes.length}`,
    );
  const token = nextTokenOf(answer);
  return {
    objects: Contents.map((entry) => listedObject(entry, nameOf)),
    prefixes: CommonPrefixes.map(({ Prefix }) => {
      if (Prefix === undefined) throw notAnAnswerOfS3('name of a folder');
      return nameOf(Prefix);
    }).filter((name) => name !== foldOf(request)),
    cursor: token === undefined ? undefined : fromToken + token,
  };
}

/** Where a listing goes on: whether it does has to be said, and then where. */
function nextTokenOf({ IsTruncated, NextContinuationToken }: ListObjectsV2CommandOutput): string | undefined {
  if (IsTruncated === undefined) throw notAnAnswerOfS3('word on whether the listing goes on');
  if (!IsTruncated) return undefined;
  if (NextContinuationToken === undefined || NextContinuationToken === '')
    throw inconsistentAnswer(
      'the listing is incomplete: the server says that there is more, and not where it goes on',
    );
  return NextContinuationToken;
}

function listedObject(
  { Key, Size, ETag, LastModified }: ListedByS3,
  nameOf: (text: string) => string,
): ListedObject {
  if (Key === undefined || Key === '') throw notAnAnswerOfS3('key of an object');
  return { name: nameOf(Key), ...storedObject({ ETag, LastModified }, Size) };
}

/** The fold in which a listing starts, if it does. */
function foldOf({ prefix, delimiter, startAfter }: ListRequest): string | undefined {
  if (delimiter === undefined || startAfter?.startsWith(prefix) !== true) return undefined;
  const at = startAfter.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : startAfter.slice(0, at + delimiter.length);
}
