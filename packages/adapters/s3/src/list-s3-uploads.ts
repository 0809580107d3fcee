import type { S3 } from '@aws-sdk/client-s3';
import {
  type ListUploadsRequest,
  type OpenUpload,
  type OpenUploads,
  inconsistentAnswer,
} from '@holdfast/adapter-kit';
import { decodeListed } from './s3-names.ts';
import { isMissingUpload, notAnAnswerOfS3 } from './to-storage-error.ts';

/** Parts of so many uploads are asked for at once. */
const pageSize = 100;

/** One page of the uploads of a bucket that are open, with what has arrived of each. */
export async function listS3Uploads(
  client: S3,
  bucket: string,
  { prefix, cursor, signal }: ListUploadsRequest,
): Promise<OpenUploads> {
  const marks = cursor === undefined ? {} : (JSON.parse(cursor) as Markers);
  const answer = await client.listMultipartUploads(
    { Bucket: bucket, Prefix: prefix, MaxUploads: pageSize, EncodingType: 'url', ...marks },
    { abortSignal: signal },
  );
  const { Uploads = [], IsTruncated, EncodingType, NextKeyMarker, NextUploadIdMarker } = answer;
  if (answer.Bucket === undefined) throw notAnAnswerOfS3('name of the bucket');
  const uploads = await Promise.all(
    Uploads.map(async ({ Key, UploadId }): Promise<OpenUpload> => {
      if (Key === undefined || UploadId === undefined) throw notAnAnswerOfS3('upload id');
      const name = EncodingType === 'url' ? decodeListed(Key) : Key;
      return {
        name,
        uploadId: UploadId,
        sizeBytes: await arrivedBytes(client, { Bucket: bucket, Key: name, UploadId }, signal),
      };
    }),
  );
  if (IsTruncated !== true) return { uploads };
  const next = JSON.stringify({
    KeyMarker: EncodingType === 'url' ? decodeListed(NextKeyMarker ?? '') : NextKeyMarker,
    UploadIdMarker: NextUploadIdMarker,
  });
  if (NextKeyMarker === undefined || next === cursor)
    throw inconsistentAnswer(
      'the listing of uploads is incomplete: the server does not say where it goes on',
    );
  return { uploads, cursor: next };
}

interface Markers {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** The first thousand parts stand for a longer upload; one that has ended meanwhile has none. */
async function arrivedBytes(
  client: S3,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
  signal: AbortSignal,
): Promise<number> {
  try {
    const { Parts = [] } = await client.listParts(upload, { abortSignal: signal });
    return Parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
  } catch (error) {
    if (isMissingUpload(error)) return 0;
    throw error;
  }
}
