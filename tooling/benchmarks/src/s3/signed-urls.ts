import { S3StorageAdapter } from '@holdfast/adapter-s3';
import type { ObjectKey } from '@holdfast/domain';
import { s3TestKeys } from '@holdfast/tooling-services';
import type { S3Place } from '../material/s3-server.ts';

/** Addresses under which anybody may put or get these objects for an hour. */
export async function signedUrls(
  { endpoint, bucket }: S3Place,
  method: 'GET' | 'PUT',
  keys: readonly string[],
): Promise<readonly string[]> {
  await using adapter = new S3StorageAdapter({ endpoint, bucket, credentials: async () => s3TestKeys });
  const urls: string[] = [];
  for (const key of keys) {
    const { url } = await adapter.presign(key as ObjectKey, { method, expiresInSeconds: 3_600 });
    urls.push(url);
  }
  return urls;
}
