import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { AzureBlobStorageAdapter } from '@holdfast/adapter-azure';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer } from '@holdfast/tooling-services';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const bytes = Buffer.from('weights');
const md5 = createHash('md5').update(bytes).digest('base64');
const modified = 'Thu, 01 Jan 2026 00:00:00 GMT';
const server = await AnsweringServer.open();
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.requests = [];
});

function adapterOf(): AzureBlobStorageAdapter {
  return new AzureBlobStorageAdapter({
    container: 'models',
    endpoint: `${server.address}/lab`,
    credentials: { accountKey: () => Buffer.from('key').toString('base64') },
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    transfer: { partSizeBytes: 1_048_576 },
  });
}

function answered(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): CannedAnswer {
  return { status, headers: { 'x-ms-request-id': '1', ...headers }, body };
}

function entry(properties: string): string {
  return `<Blob><Name>a</Name><Properties>${properties}</Properties></Blob>`;
}

const sound = `<Etag>0x1</Etag><Last-Modified>${modified}</Last-Modified><Content-Length>7</Content-Length>`;

function listing(entries: string, marker = ''): CannedAnswer {
  const body = `<?xml version="1.0"?><EnumerationResults ContainerName="models"><Blobs>${entries}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`;
  return answered(200, { 'content-type': 'application/xml' }, body);
}

async function listAll(adapter: AzureBlobStorageAdapter): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of adapter.list({ prefix: 'a' }))
    keys.push(...page.objects.map((object) => object.key));
  return keys;
}

async function readAll(adapter: AzureBlobStorageAdapter, options: object = {}): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key, options);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('a listing is an error where it', () => {
  test.each([
    ['has an entry without an etag', listing(entry(sound.replace('<Etag>0x1</Etag>', ''))), /no etag/],
    ['has an entry without a size', listing(entry(sound.replace(/<Content-Length>.*/, ''))), /no length/],
    ['has an entry of another prefix', listing(entry(sound).replace('>a<', '>b<')), /was not asked for/],
    ['leads back to the same page', listing(entry(sound), 'again'), /the same page again/],
  ] as const)('%s', async (_how, answer, message) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    const error = await failureOf(listAll(adapter));
    expect(error.message, inspect(error)).toMatch(message);
  });
});

describe('an object is an error where its answer', () => {
  const headers = { etag: '"0x1"', 'content-length': '7', 'last-modified': modified };
  test.each([
    [
      'has no etag',
      answered(200, { 'content-length': '7', 'last-modified': modified }, bytes),
      {},
      /not one of Azure/,
    ],
    [
      'has a range beyond its size',
      answered(206, { ...headers, 'content-range': 'bytes 0-6/5' }, bytes),
      { range: { offset: 0, length: 7 } },
      /bytes 0 to 7 of an object of 5/,
    ],
    [
      'has a range of another length',
      answered(206, { ...headers, 'content-range': 'bytes 0-9/10' }, bytes),
      { range: { offset: 0, length: 10 } },
      /length that fits its range/,
    ],
    ['is of another state', answered(200, headers, bytes), { ifMatch: '0x2' }, /another state/],
    [
      'has an end that is not known',
      answered(200, { etag: '"0x1"', 'last-modified': modified, 'transfer-encoding': 'chunked' }),
      { range: { suffix: 2 } },
      /no length/,
    ],
  ] as readonly (readonly [string, CannedAnswer, object, RegExp])[])(
    '%s',
    async (...[, answer, options, message]) => {
      server.answer = () => answer;
      await using adapter = adapterOf();
      const error = await failureOf(readAll(adapter, options));
      expect(error.message, inspect(error)).toMatch(message);
    },
  );
});

describe('a write', () => {
  const made = { etag: '"0x1"', 'last-modified': modified };

  test('has the MD5 of what it sends, whole or in blocks', async () => {
    const sent: (readonly [string, string | undefined])[] = [];
    const received: Buffer[] = [];
    server.answer = (request) => {
      sent.push([request.url ?? '', request.headers['content-md5'] as string | undefined]);
      request.on('data', (chunk: Buffer) => received.push(chunk));
      return answered(201, made);
    };
    await using adapter = adapterOf();
    await adapter.put(key, bytes);
    expect(sent).toEqual([['/lab/models/model', md5]]);
    sent.length = 0;
    const blocks = [Buffer.alloc(1_048_576, 1), Buffer.alloc(10, 2)];
    await adapter.put(key, Buffer.concat(blocks));
    const expected = blocks.map((block) => createHash('md5').update(block).digest('base64'));
    const found = sent.flatMap(([url, value]) => (url.includes('comp=block&') ? [value] : []));
    expect(new Set(found)).toEqual(new Set(expected));
  });

  test('is an error where other bytes are stored, which are removed', async () => {
    server.answer = ({ method }) =>
      method === 'DELETE'
        ? answered(202)
        : answered(201, { ...made, 'content-md5': createHash('md5').digest('base64') });
    await using adapter = adapterOf();
    expect(await failureOf(adapter.put(key, bytes))).toMatchObject({ code: 'checksum-mismatch' });
    expect(server.requests.map((request) => request.split(' ')[0])).toEqual([
      'PUT',
      'DELETE',
      'PUT',
      'DELETE',
    ]);
    expect(await failureOf(adapter.put(key, Buffer.alloc(1_048_577)))).toMatchObject({
      code: 'checksum-mismatch',
    });
  });

  test('is an error where its answer has no etag, and nothing is there', async () => {
    server.answer = ({ method }) =>
      method === 'PUT' ? answered(201) : answered(404, { 'x-ms-error-code': 'BlobNotFound' });
    await using adapter = adapterOf();
    expect(await failureOf(adapter.put(key, bytes, { mode: 'create' }))).toMatchObject({
      code: 'indeterminate',
    });
  });

  test('is an error where a copy has not ended', async () => {
    const head = answered(200, { ...made, 'content-length': '7' });
    server.answer = ({ method }) =>
      method === 'HEAD' ? head : answered(202, { ...made, 'x-ms-copy-status': 'pending' });
    await using adapter = adapterOf();
    const error = await failureOf(adapter.copy(key, parseObjectKey('other'), { mode: 'create' }));
    expect(error).toMatchObject({
      code: 'indeterminate',
      message: expect.stringContaining('answer to a write was lost') as string,
    });
  });

  test('quotes why the server refuses', async () => {
    const refused =
      '<?xml version="1.0"?><Error><Code>InvalidHeaderValue</Code><Message>The tier Warm is unknown.\nRequestId:1</Message></Error>';
    server.answer = () =>
      answered(400, { 'x-ms-error-code': 'InvalidHeaderValue', 'content-type': 'application/xml' }, refused);
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, bytes));
    expect(error.message).toContain('the server refused the request: The tier Warm is unknown.');
  });
});

test('a deletion is an error where its answer is a page', async () => {
  server.answer = () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>Sign in</html>',
  });
  await using adapter = adapterOf();
  const [result] = await adapter.delete([{ key }]);
  expect(result, inspect(result)).toHaveProperty('error');
});
