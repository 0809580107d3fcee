import { createHash } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';
import { openS3Object } from './open-s3-object.ts';
import { isMissingObject, isPreconditionFailure } from './to-storage-error.ts';

/** The SHA-256 in Base64 of what is stored in one state of an object; `undefined` when that state is no more. */
export async function digestOfState(
  client: S3,
  at: { readonly Bucket: string; readonly Key: string },
  { etag, signal }: { readonly etag: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    const { body } = await openS3Object(client, at, { ifMatch: etag, signal });
    for await (const chunk of body) hash.update(chunk);
  } catch (error) {
    if (isMissingObject(error) || isPreconditionFailure(error)) return undefined;
    throw error;
  }
  return hash.digest('base64');
}
