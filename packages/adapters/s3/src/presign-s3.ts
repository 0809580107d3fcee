import type { S3 } from '@aws-sdk/client-s3';
import type { PresignRequest } from '@holdfast/adapter-kit';
import { base64Of } from './write-to-s3.ts';

/** Signs a request for somebody without credentials: its method, its name, and the headers that it must carry. */
export async function presignS3(
  client: S3,
  at: { readonly Bucket: string; readonly Key: string },
  { method, expiresInSeconds, contentType, checksum }: PresignRequest,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const [{ GetObjectCommand, PutObjectCommand }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  const expires = { expiresIn: expiresInSeconds };
  if (method === 'GET') {
    const shown = contentType === undefined ? {} : { ResponseContentType: contentType };
    return {
      url: await getSignedUrl(client, new GetObjectCommand({ ...at, ...shown }), expires),
      headers: {},
    };
  }
  const headers = {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(checksum === undefined ? {} : { 'x-amz-checksum-sha256': base64Of(checksum) }),
  };
  const command = new PutObjectCommand({
    ...at,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(checksum === undefined ? {} : { ChecksumSHA256: base64Of(checksum) }),
  });
  const names = new Set(Object.keys(headers));
  const url = await getSignedUrl(client, command, {
    ...expires,
    signableHeaders: names,
    unhoistableHeaders: names,
  });
  return { url, headers };
}
