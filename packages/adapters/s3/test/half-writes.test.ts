import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import type { CannedAnswer } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { adapterOf, answeringS3, refusal, xml } from './answering-s3.ts';

const key = parseObjectKey('model');
const bytes = Buffer.from('weights');
const md5 = createHash('md5').update(bytes).digest('hex');
const digest = createHash('sha256').update(bytes).digest('base64');
const server = answeringS3();
const emptyBucket = xml(
  '<ListBucketResult><Name>models</Name><Prefix></Prefix><IsTruncated>false</IsTruncated></ListBucketResult>',
);
const begun = xml('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>');

describe('a write is an error where its answer', () => {
  const stored = (sizeBytes: number, attempt: string): CannedAnswer => ({
    status: 200,
    headers: {
      etag: `"${md5}"`,
      'content-length': String(sizeBytes),
      'x-amz-meta-holdfast-attempt': attempt,
    },
  });

  test.each([
    ['has no etag and nothing is there', { status: 404 }, 'indeterminate'],
    ['has no etag and less is there than was sent', undefined, 'size-mismatch'],
  ] as readonly (readonly [string, CannedAnswer | undefined, string])[])('%s', async (_how, found, code) => {
    let attempt = '';
    server.answer = ({ method, headers }) => {
      if (method === 'PUT') attempt = String(headers['x-amz-meta-holdfast-attempt']);
      if (method === 'PUT') return { status: 200 };
      if (method === 'GET') return emptyBucket;
      return found ?? stored(5, attempt);
    };
    await using adapter = adapterOf();
    expect(await failureOf(adapter.put(key, bytes, { mode: 'create' }))).toMatchObject({ code });
  });

  test('reports fewer parts than were sent; what it made is removed', async () => {
    server.answer = ({ method, url = '' }) => {
      if (method === 'POST' && url.includes('uploads')) return begun;
      if (method === 'POST')
        return xml(`<CompleteMultipartUploadResult><ETag>"${md5}-1"</ETag></CompleteMultipartUploadResult>`);
      return method === 'DELETE' ? { status: 204 } : { status: 200, headers: { etag: `"${md5}"` } };
    };
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, Buffer.alloc(6_000_000)));
    expect(error).toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('1 of the 2 parts') as string,
    });
    expect(server.requests.some((request) => /^DELETE \/models\/model(?:\?x-id=\w+)?$/.test(request))).toBe(
      true,
    );
  });

  test('is an error with the status of success', async () => {
    server.answer = ({ method, url = '' }) => {
      if (method === 'POST' && url.includes('uploads')) return begun;
      if (method === 'POST') return refusal(200, 'InternalError', 'try again');
      if (method === 'HEAD') return { status: 404 };
      return method === 'GET' ? emptyBucket : { status: 200, headers: { etag: `"${md5}"` } };
    };
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, Buffer.alloc(6_000_000), { mode: 'create' }));
    expect(error.code, inspect(error)).toMatch(/unavailable|indeterminate/);
  });
});

describe('a deletion is an error where its answer', () => {
  const found: CannedAnswer = { status: 200, headers: { etag: `"${md5}"`, 'content-length': '7' } };

  test('is a page', async () => {
    server.answer = ({ method }) =>
      method === 'HEAD' ? found : { status: 200, body: '<html>Sign in</html>' };
    await using adapter = adapterOf();
    const [result] = await adapter.delete([{ key }]);
    expect(result).toMatchObject({ error: { code: 'invalid-configuration' } });
  });

  test('reports only some of many: the others are deleted by requests of their own', async () => {
    const other = parseObjectKey('other');
    server.answer = ({ method }) => {
      if (method === 'HEAD') return found;
      return method === 'POST'
        ? xml('<DeleteResult><Deleted><Key>model</Key></Deleted></DeleteResult>')
        : { status: 204 };
    };
    await using adapter = adapterOf();
    expect(await adapter.delete([{ key }, { key: other }])).toEqual([
      { key, outcome: 'deleted' },
      { key: other, outcome: 'deleted' },
    ]);
    expect(server.requests.filter((request) => request.startsWith('DELETE'))).toEqual([
      expect.stringContaining('/models/other') as string,
    ]);
  });
});

describe('a server that', () => {
  const checksumOf = ({ headers }: IncomingMessage): unknown => headers['x-amz-checksum-sha256'];
  const words = 'Unsupported header x-amz-checksum-sha256 received for this API call.';

  test('takes checksums gets that of every object', async () => {
    const sent: unknown[] = [];
    server.answer = (request) => {
      sent.push(checksumOf(request));
      return { status: 200, headers: { etag: `"${md5}"`, 'x-amz-checksum-sha256': digest } };
    };
    await using adapter = adapterOf();
    await adapter.put(key, bytes);
    expect(sent).toEqual([digest]);
  });

  test.each([
    ['refuses them', refusal(400, 'InvalidArgument', words)],
    ['does not know them', refusal(501, 'NotImplemented', 'A header you provided is not implemented')],
  ])('%s is used without them, and asked once', async (_how, refused) => {
    server.answer = (request) =>
      checksumOf(request) === undefined ? { status: 200, headers: { etag: `"${md5}"` } } : refused;
    await using adapter = adapterOf();
    await adapter.put(key, bytes);
    await adapter.put(key, bytes);
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    [
      'states another checksum',
      { 'x-amz-checksum-sha256': createHash('sha256').digest('base64') },
      bytes,
      'checksum-mismatch',
    ],
    ['ignores them and stores other bytes', {}, Buffer.from('wrights'), 'checksum-mismatch'],
    ['ignores them and stores these', {}, bytes, undefined],
  ] as const)('%s is found out by reading, where its etag does not tell', async (...row) => {
    const [, headers, kept, code] = row;
    const etag = '"0123456789abcdef0123456789abcdef"';
    server.answer = ({ method }) => {
      if (method === 'PUT') return { status: 200, headers: { etag, ...headers } };
      if (method === 'DELETE') return { status: 204 };
      return { status: 206, headers: { etag, 'content-range': 'bytes 0-6/7' }, body: kept };
    };
    await using adapter = adapterOf();
    if (code === undefined) await adapter.put(key, bytes);
    else {
      expect(await failureOf(adapter.put(key, bytes))).toMatchObject({ code });
      expect(server.requests.some((request) => request.startsWith('DELETE'))).toBe(true);
    }
  });

  test('refuses requests of many is asked one by one', async () => {
    server.answer = ({ method }) => {
      if (method === 'HEAD') return { status: 200, headers: { etag: `"${md5}"`, 'content-length': '7' } };
      return method === 'POST'
        ? refusal(400, 'InvalidArgument', words.replace('sha256', 'crc32'))
        : { status: 204 };
    };
    await using adapter = adapterOf();
    const targets = [{ key }, { key: parseObjectKey('other') }];
    const deleted = targets.map((target) => ({ ...target, outcome: 'deleted' }));
    expect(await adapter.delete(targets)).toEqual(deleted);
    expect(await adapter.delete(targets)).toEqual(deleted);
    expect(server.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  test('says why it refuses is quoted, without secrets', async () => {
    server.answer = () =>
      refusal(400, 'InvalidArgument', 'The storage class GLACIAL is unknown to AKIAPLANTEDPLANTED00.');
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, bytes));
    expect(error.message).toContain(
      'the server refused an argument: The storage class GLACIAL is unknown to ***.',
    );
  });
});
