import type { PresignRequest } from '@holdfast/adapter-kit';
import { digestHex } from '@holdfast/domain';
import type { GcsClient } from './gcs-client.ts';
import { cannotSign, withoutCredentials } from './to-storage-error.ts';

/** Signs a request (V4) for somebody without credentials: its method, its name, and the headers that it must carry. */
export async function presignGcs(
  { storage }: GcsClient,
  { bucket, name }: { readonly bucket: string; readonly name: string },
  { method, expiresInSeconds, contentType, checksum }: PresignRequest,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  await requireSigner(storage);
  const file = storage.bucket(bucket).file(name);
  const now = Date.now();
  const when = { version: 'v4', accessibleAt: now, expires: now + expiresInSeconds * 1_000 } as const;
  if (method === 'GET') {
    const shown = contentType === undefined ? {} : { responseType: contentType };
    const [url] = await file.getSignedUrl({ ...when, action: 'read', ...shown });
    return { url, headers: {} };
  }
  const sha256 = checksum === undefined ? {} : { 'x-goog-content-sha256': digestHex(checksum) };
  const [url] = await file.getSignedUrl({
    ...when,
    action: 'write',
    extensionHeaders: sha256,
    ...(contentType === undefined ? {} : { contentType }),
  });
  return {
    url,
    headers: { ...(contentType === undefined ? {} : { 'content-type': contentType }), ...sha256 },
  };
}

/** Only service accounts sign: with their key, or by asking Google. */
async function requireSigner({ authClient }: GcsClient['storage']): Promise<void> {
  const signer = await authClient.getCredentials().catch((error: unknown) => {
    throw withoutCredentials(error);
  });
  if (signer.client_email === undefined) throw cannotSign();
}
