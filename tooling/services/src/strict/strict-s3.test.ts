import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StrictS3 } from './strict-s3.ts';

const server = new StrictS3();
beforeAll(() => server.listen());
afterAll(() => server[Symbol.asyncDispose]());

const etagOf = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`;

async function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<{ readonly status: number; readonly code: string | undefined; readonly text: string }> {
  const answer = await fetch(`${server.address}/bucket/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], text };
}

async function inParts(name: string, headers: Record<string, string>): Promise<unknown> {
  const begun = await ask('POST', `${name}?uploads`);
  const id = /<UploadId>([^<]*)</.exec(begun.text)?.[1] ?? '';
  await ask('PUT', `${name}?partNumber=1&uploadId=${id}`, { body: 'part' });
  const body = '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>';
  const { status, code } = await ask('POST', `${name}?uploadId=${id}`, { headers, body });
  return { status, code };
}

/**
 * As https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (If-None-Match: 412 where an object
 * exists; If-Match: 412 where the ETag differs, 404 where there is no object) and conditional-deletes.html (204, 412,
 * 404) document it.
 */
describe('answers to conditions are those that Amazon documents', () => {
  test.each([
    ['PUT', 'a create over nothing', 'none', { 'if-none-match': '*' }, 200, undefined],
    ['PUT', 'a create over an object', 'there', { 'if-none-match': '*' }, 412, 'PreconditionFailed'],
    [
      'PUT',
      'a replacement of the state that is there',
      'there',
      { 'if-match': etagOf('old') },
      200,
      undefined,
    ],
    [
      'PUT',
      'a replacement of another state',
      'there',
      { 'if-match': etagOf('x') },
      412,
      'PreconditionFailed',
    ],
    ['PUT', 'a replacement of nothing', 'none', { 'if-match': etagOf('old') }, 404, 'NoSuchKey'],
    [
      'DELETE',
      'a deletion of the state that is there',
      'there',
      { 'if-match': etagOf('old') },
      204,
      undefined,
    ],
    [
      'DELETE',
      'a deletion of another state',
      'there',
      { 'if-match': etagOf('x') },
      412,
      'PreconditionFailed',
    ],
    ['DELETE', 'a deletion of nothing in a state', 'none', { 'if-match': etagOf('old') }, 404, 'NoSuchKey'],
    ['DELETE', 'a deletion of nothing', 'none', {}, 204, undefined],
    ['GET', 'a reading of another state', 'there', { 'if-match': etagOf('x') }, 412, 'PreconditionFailed'],
    [
      'GET',
      'a reading of anything but this state',
      'there',
      { 'if-none-match': etagOf('old') },
      304,
      undefined,
    ],
  ] as const)('%s: %s', async (...[method, what, present, headers, status, code]) => {
    const name = encodeURIComponent(`${method} ${what}`);
    if (present === 'there') await ask('PUT', name, { body: 'old' });
    const body = method === 'PUT' ? { body: 'new' } : {};
    expect(await ask(method, name, { headers, ...body })).toMatchObject({ status, code });
    const now = await ask('GET', name);
    const isDone = status < 300 && method !== 'GET';
    if (isDone) expect(now.text).toContain(method === 'PUT' ? 'new' : 'NoSuchKey');
    else expect(now.status).toBe(present === 'there' ? 200 : 404);
  });

  test('also when an upload in parts is completed', async () => {
    expect(await inParts('parts', { 'if-none-match': '*' })).toMatchObject({ status: 200 });
    expect(await inParts('parts', { 'if-none-match': '*' })).toMatchObject({ status: 412 });
    expect(await inParts('parts', { 'if-match': etagOf('x') })).toMatchObject({ status: 412 });
    expect(await inParts('nothing', { 'if-match': etagOf('x') })).toMatchObject({ status: 404 });
  });
});
