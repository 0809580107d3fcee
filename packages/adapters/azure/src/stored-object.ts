import type { StoredObject } from '@holdfast/adapter-kit';
import { bareEtag } from './azure-names.ts';
import { notAnAnswerOfAzure } from './to-storage-error.ts';

/** What answers to `GET` and `HEAD` tell alike. */
interface DescribingAnswer {
  readonly etag?: string;
  readonly versionId?: string;
  readonly contentType?: string;
  readonly metadata?: Record<string, string>;
  readonly lastModified?: Date;
}

/** What an answer tells of an object of this size; whatever answers without an etag is not Azure. */
export function storedObject(answer: DescribingAnswer, sizeBytes: number | undefined): StoredObject {
  const { etag, versionId, contentType, metadata, lastModified } = answer;
  if (etag === undefined) throw notAnAnswerOfAzure('etag');
  if (sizeBytes === undefined) throw notAnAnswerOfAzure('length');
  return {
    sizeBytes,
    etag: bareEtag(etag),
    version: versionId,
    contentType,
    metadata: metadata ?? {},
    lastModifiedMs: lastModified?.getTime() ?? 0,
  };
}
