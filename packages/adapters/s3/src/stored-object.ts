import type { StoredObject } from '@holdfast/adapter-kit';
import { bareEtag } from './s3-names.ts';
import { notAnAnswerOfS3 } from './to-storage-error.ts';

/** What answers to `GET` and `HEAD` tell alike. */
interface DescribingAnswer {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly LastModified?: Date | undefined;
}

/** What an answer tells of an object of this size; whatever answers without an etag is not S3. */
export function storedObject(answer: DescribingAnswer, sizeBytes: number | undefined): StoredObject {
  const { ETag, VersionId, ContentType, Metadata, LastModified } = answer;
  if (ETag === undefined) throw notAnAnswerOfS3('etag');
  if (sizeBytes === undefined) throw notAnAnswerOfS3('length');
  return {
    sizeBytes,
    etag: bareEtag(ETag),
    version: VersionId,
    contentType: ContentType,
    metadata: Metadata ?? {},
    lastModifiedMs: LastModified?.getTime() ?? 0,
  };
}
