import { type PresignRequest, RequestFailureError } from '@holdfast/adapter-kit';
import type { AzureConnection } from './azure-connection.ts';

/** Signs a request for somebody without credentials, with the account's key: its name and what it may do. */
export async function presignAzure(
  { library, container }: AzureConnection,
  name: string,
  { method, expiresInSeconds, contentType, checksum }: PresignRequest,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  if (checksum !== undefined) throw unsupported('Azure holds no request to a SHA-256', checksumHint);
  if (!(container.credential instanceof library.StorageSharedKeyCredential))
    throw unsupported('without the key of the account nothing can be signed', keyHint);
  const isReading = method === 'GET';
  const url = await container.getBlobClient(name).generateSasUrl({
    permissions: library.BlobSASPermissions.parse(isReading ? 'r' : 'cw'),
    expiresOn: new Date(Date.now() + expiresInSeconds * 1_000),
    ...(container.url.startsWith('https:') ? { protocol: library.SASProtocol.Https } : {}),
    ...(isReading && contentType !== undefined ? { contentType } : {}),
  });
  if (isReading) return { url, headers: {} };
  const described = contentType === undefined ? {} : { 'content-type': contentType };
  return { url, headers: { 'x-ms-blob-type': 'BlockBlob', ...described } };
}

const checksumHint = 'Presign without a checksum, and compare it once the object exists.';
const keyHint = 'Give the store the account key, or a connection string that has it.';

function unsupported(what: string, hint: string): RequestFailureError {
  return new RequestFailureError({
    code: 'unsupported',
    what,
    hint,
  });
}
