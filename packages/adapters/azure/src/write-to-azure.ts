import { createHash } from 'node:crypto';
import type { BlobHTTPHeaders } from '@azure/storage-blob';
import { type Upload, type WrittenObject, RequestFailureError } from '@holdfast/adapter-kit';
import type { WriteMode } from '@holdfast/ports';
import { bareEtag, quotedEtag } from './azure-names.ts';
import { isMissingObject, isPreconditionFailure, notAnAnswerOfAzure } from './to-storage-error.ts';

/** What an upload is, and under what condition, in the words of Azure. */
export function descriptionOf({ contentType, metadata, mode }: Upload): {
  readonly blobHTTPHeaders: BlobHTTPHeaders;
  readonly metadata: Record<string, string>;
  readonly conditions: { readonly ifMatch?: string; readonly ifNoneMatch?: string };
} {
  return {
    blobHTTPHeaders: { blobContentType: contentType },
    metadata: { ...metadata },
    conditions: conditionsOf(mode),
  };
}

/** A condition, in the words of Azure. */
export function conditionsOf(mode: WriteMode): { readonly ifMatch?: string; readonly ifNoneMatch?: string } {
  if (mode === 'overwrite') return {};
  return mode === 'create' ? { ifNoneMatch: '*' } : { ifMatch: quotedEtag(mode.ifMatch) };
}

/** The bytes as the client sends them, which takes the whole memory behind any other view, and what they are held to. */
export function bodyOf(bytes: Uint8Array): {
  readonly body: Buffer;
  readonly transactionalContentMD5: Buffer;
} {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { body, transactionalContentMD5: createHash('md5').update(body).digest() };
}

/** Whether the MD5 that the server states is not that of what was sent. */
export function isOther(stated: Uint8Array | undefined, sent: Buffer): boolean {
  return stated !== undefined && !sent.equals(stated);
}

/** Tells a refused condition by what was asked for. */
export async function deciding<T>(mode: WriteMode, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (mode === 'create' && isPreconditionFailure(error)) throw refusal(mode, error);
    if (typeof mode === 'object' && (isPreconditionFailure(error) || isMissingObject(error)))
      throw refusal(mode, error);
    throw error;
  }
}

/** A condition that did not hold. */
export function refusal(mode: WriteMode, cause: unknown): RequestFailureError {
  const failure =
    mode === 'create'
      ? ({ code: 'already-exists', what: 'the object already exists' } as const)
      : ({ code: 'precondition-failed', what: 'the object is in another state' } as const);
  return new RequestFailureError(failure, { cause });
}

/** What a write made. */
export function writtenObject(answer: {
  readonly etag?: string;
  readonly versionId?: string;
}): WrittenObject {
  if (answer.etag === undefined) throw notAnAnswerOfAzure('etag');
  return { etag: bareEtag(answer.etag), version: answer.versionId };
}
