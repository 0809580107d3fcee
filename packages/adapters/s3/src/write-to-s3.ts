import { type Upload, type WrittenObject, RequestFailureError } from '@holdfast/adapter-kit';
import { digestHex } from '@holdfast/domain';
import type { WriteMode } from '@holdfast/ports';
import { bareEtag, quotedEtag } from './s3-names.ts';
import { isMissingObject, isPreconditionFailure, notAnAnswerOfS3 } from './to-storage-error.ts';

/** What an upload is, in the words of S3. */
export function descriptionOf({ contentType, metadata, checksum }: Upload): {
  readonly ContentType: string;
  readonly Metadata: Record<string, string>;
  readonly ChecksumSHA256?: string;
} {
  return {
    ContentType: contentType,
    Metadata: { ...metadata },
    ...(checksum === undefined ? {} : { ChecksumSHA256: base64Of(checksum) }),
  };
}

/** A digest as S3 spells it. */
export function base64Of(checksum: NonNullable<Upload['checksum']>): string {
  return Buffer.from(digestHex(checksum), 'hex').toString('base64');
}

/** A condition, in the words of S3. */
export function conditionOf(mode: WriteMode): { readonly IfNoneMatch?: string; readonly IfMatch?: string } {
  if (mode === 'overwrite') return {};
  return mode === 'create' ? { IfNoneMatch: '*' } : { IfMatch: quotedEtag(mode.ifMatch) };
}

/** Tells a refused condition by what was asked for. */
export async function deciding<T>(mode: WriteMode, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const isRefused = isPreconditionFailure(error);
    if (mode === 'create' && isRefused) {
      throw new RequestFailureError(
        { code: 'already-exists', what: 'the object already exists' },
        { cause: error },
      );
    }
    if (typeof mode === 'object' && isMissingObject(error)) {
      throw new RequestFailureError(
        { code: 'precondition-failed', what: 'the object does not exist' },
        { cause: error },
      );
    }
    throw error;
  }
}

/** What a write made. */
export function writtenObject(answer: {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}): WrittenObject {
  if (answer.ETag === undefined) throw notAnAnswerOfS3('etag');
  return { etag: bareEtag(answer.ETag), version: answer.VersionId };
}
