import { randomUUID } from 'node:crypto';
import type { Upload } from '@holdfast/adapter-kit';
import { describeUpload, generationCondition } from './describe-upload.ts';
import type { GcsClient } from './gcs-client.ts';
import { describedFields } from './stored-object.ts';

/** What is sent in one request. */
export interface WholeUpload {
  readonly path: string;
  readonly upload: Upload;
  readonly bytes: Uint8Array;
  readonly crc32c: string;
  readonly signal: AbortSignal;
}

/** Sends an object in one request, its description before its bytes; the server holds them to their checksum. */
export async function putToGcs(
  client: GcsClient,
  { path, upload, bytes, crc32c, signal }: WholeUpload,
): Promise<unknown> {
  const boundary = randomUUID();
  const description = describeUpload(upload);
  const head = [
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n`,
    JSON.stringify({ ...description, crc32c }),
    `\r\n--${boundary}\r\ncontent-type: ${description.contentType}\r\n\r\n`,
  ].join('');
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const { value } = await client.json({
    method: 'POST',
    path,
    query: { uploadType: 'multipart', fields: describedFields, ...generationCondition(upload.mode) },
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body,
    signal,
  });
  return value;
}
