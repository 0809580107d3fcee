import type { S3 } from '@aws-sdk/client-s3';
import {
  type CloudDriver,
  type CopySource,
  type RequestOptions,
  type Upload,
  type WrittenObject,
} from '@holdfast/adapter-kit';
import { forEachAtOnce } from '@holdfast/work';
import { copySourceOf, quotedEtag } from './s3-names.ts';
import { notAnAnswerOfS3 } from './to-storage-error.ts';
import { descriptionOf, writtenObject } from './write-to-s3.ts';

/** Largest object that one request copies. */
const wholeCopyBytes = 5 * 2 ** 30;
const partCopyBytes = 2 ** 30;
const partsAtOnce = 8;

interface CopyTools {
  readonly client: S3;
  readonly bucket: string;
  readonly driver: Pick<CloudDriver, 'beginParts' | 'putPart' | 'completeParts' | 'abortParts'>;
}

interface CopyOrder {
  readonly source: CopySource;
  readonly upload: Upload;
  readonly options: RequestOptions;
}

/**
 * Copies inside the server: in one request, or in parts where the object is too large for one, or a condition stands;
 * servers keep conditions when parts are completed, and many ignore them when they copy.
 */
export function copyInS3(tools: CopyTools, order: CopyOrder): Promise<WrittenObject> {
  const isWhole = order.upload.mode === 'overwrite' && order.source.object.sizeBytes <= wholeCopyBytes;
  return isWhole ? copyWhole(tools, order) : copyParts(tools, order);
}

async function copyWhole(tools: CopyTools, order: CopyOrder): Promise<WrittenObject> {
  const { upload, options } = order;
  const { ChecksumSHA256: _kept, ...description } = descriptionOf(upload);
  const answer = await tools.client.copyObject(
    {
      Bucket: tools.bucket,
      Key: upload.name,
      ...sourceOf(tools, order),
      MetadataDirective: 'REPLACE',
      ...description,
    },
    { abortSignal: options.signal },
  );
  return writtenObject({ ETag: answer.CopyObjectResult?.ETag, VersionId: answer.VersionId });
}

async function copyParts(tools: CopyTools, order: CopyOrder): Promise<WrittenObject> {
  const { driver } = tools;
  const { upload, options, source } = order;
  const uploadId = await driver.beginParts(upload, options);
  try {
    const receipts = await copyEach(tools, order, uploadId);
    const { sizeBytes } = source.object;
    return await driver.completeParts(upload, { uploadId, receipts, sizeBytes }, options);
  } catch (error) {
    await driver
      .abortParts(upload, uploadId, { signal: AbortSignal.timeout(abortWithinMs) })
      .catch(() => undefined);
    throw error;
  }
}

const abortWithinMs = 10_000;

async function copyEach(tools: CopyTools, order: CopyOrder, uploadId: string): Promise<readonly string[]> {
  const { upload, options, source } = order;
  const { sizeBytes } = source.object;
  if (sizeBytes === 0) {
    const part = { uploadId, number: 1, offset: 0, bytes: new Uint8Array(0), isLast: true };
    return [await tools.driver.putPart(upload, part, options)];
  }
  const receipts: string[] = [];
  const offsets = Array.from(
    { length: Math.ceil(sizeBytes / partCopyBytes) },
    (_, index) => index * partCopyBytes,
  );
  await forEachAtOnce(
    offsets,
    async (offset, index) => {
      const last = Math.min(offset + partCopyBytes, sizeBytes) - 1;
      const { CopyPartResult } = await tools.client.uploadPartCopy(
        {
          Bucket: tools.bucket,
          Key: upload.name,
          UploadId: uploadId,
          PartNumber: index + 1,
          ...sourceOf(tools, order),
          CopySourceRange: `bytes=${offset}-${last}`,
        },
        { abortSignal: options.signal },
      );
      if (CopyPartResult?.ETag === undefined) throw notAnAnswerOfS3('etag');
      receipts[index] = CopyPartResult.ETag;
    },
    { atOnce: partsAtOnce },
  );
  return receipts;
}

function sourceOf(
  { bucket }: CopyTools,
  { source }: CopyOrder,
): { readonly CopySource: string; readonly CopySourceIfMatch: string } {
  const { etag, version } = source.object;
  return {
    CopySource: copySourceOf(bucket, source.name, version),
    CopySourceIfMatch: quotedEtag(etag),
  };
}
