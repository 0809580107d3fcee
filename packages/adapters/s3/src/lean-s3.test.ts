import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { leanS3 } from './lean-s3.ts';

const body = Buffer.from('model');
const digest = createHash('sha256').update(body).digest();
const seen = new Map<string, IncomingHttpHeaders>();

/** Never answers what is called slow. */
const server = createServer((request, response) => {
  seen.set(request.url ?? '', request.headers);
  request.resume();
  if (!request.url?.includes('slow')) response.writeHead(200, { etag: '"1"' }).end();
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const client = leanS3({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  requestChecksumCalculation: 'WHEN_REQUIRED',
  requestHandler: {},
});

beforeEach(() => seen.clear());
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

function head(key: string, abortSignal?: AbortSignal): Promise<unknown> {
  return client.headObject({ Bucket: 'b', Key: key }, abortSignal === undefined ? {} : { abortSignal });
}

test('a signal stops its own request and no other one of the same kind', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const stopped = head('slow-1', first.signal);
  const waiting = head('slow-2', second.signal);
  await expect.poll(() => seen.size).toBe(2);
  first.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  await expect(head('quick', second.signal)).resolves.toMatchObject({ ETag: '"1"' });
  await expect(head('quick')).resolves.toMatchObject({ ETag: '"1"' });
  await expect(head('quick', first.signal)).rejects.toMatchObject({ name: 'AbortError' });
  const outcome = await Promise.race([waiting.catch(() => 'stopped'), head('quick').then(() => 'waits')]);
  expect(outcome).toBe('waits');
  second.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('bytes are signed by the digest that is known, or by their own', async () => {
  const put = (key: string, more = {}) => client.putObject({ Bucket: 'b', Key: key, Body: body, ...more });
  const other = createHash('sha256').update('other').digest();
  await put('unknown');
  await put('known', { ChecksumSHA256: digest.toString('base64') });
  await put('wrong', { ChecksumSHA256: other.toString('base64') });
  const signed = [...seen.values()].map((headers) => headers['x-amz-content-sha256']);
  expect(signed).toEqual([digest, digest, other].map((bytes) => bytes.toString('hex')));
});

test('a request says who sent it', async () => {
  await head('quick');
  expect([...seen.values()].map((headers) => headers['user-agent'])).toEqual(['holdfast-adapter-s3']);
});
