import { inspect } from 'node:util';
import { S3StorageAdapter, type S3StorageOptions } from '@holdfast/adapter-s3';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import type { StorageErrorCode } from '@holdfast/ports';
import {
  type CannedAnswer,
  AnsweringServer,
  s3TestKeys,
  signInPage,
  versitygw,
} from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';
import { S3TestServer } from './s3-test-server.ts';

const key = parseObjectKey('model');
const quick = { retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 } };
const secret = 'planted-secret-0123456789';
const fake = await AnsweringServer.open();

afterAll(() => fake[Symbol.asyncDispose]());

function adapterOf(changes: Partial<S3StorageOptions> = {}): S3StorageAdapter {
  return new S3StorageAdapter({
    bucket: 'bucket',
    endpoint: fake.address,
    credentials: async () => ({ accessKeyId: 'AKIAPLANTEDPLANTED00', secretAccessKey: secret }),
    ...quick,
    ...changes,
  });
}

function s3Error(status: number, code: string, headers: Readonly<Record<string, string>> = {}): CannedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message><AWSAccessKeyId>AKIAPLANTEDPLANTED00</AWSAccessKeyId><StringToSign>${secret}</StringToSign></Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

describe('what a server or a proxy says no with', () => {
  test.each([
    ['expired credentials', s3Error(400, 'ExpiredToken'), 'unauthenticated', /Sign in again/],
    ['a wrong key', s3Error(403, 'InvalidAccessKeyId'), 'unauthenticated', /credentials/],
    ['a wrong secret', s3Error(403, 'SignatureDoesNotMatch'), 'unauthenticated', /secret access key/],
    ['no permission', s3Error(403, 'AccessDenied'), 'permission-denied', /s3:ListBucket/],
    ['a missing bucket', s3Error(404, 'NoSuchBucket'), 'not-found', /name of the bucket/],
    [
      'another region',
      s3Error(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-north-1' }),
      'invalid-configuration',
      /region of the store to eu-north-1/,
    ],
    ['a clock that is wrong', s3Error(403, 'RequestTimeTooSkewed'), 'unauthenticated', /clock/],
    ['a full server', s3Error(507, 'InsufficientStorage'), 'quota-exceeded', /quota/],
    ['a page of a proxy', signInPage, 'invalid-configuration', /proxy/],
    ['a refusal of a proxy', { ...signInPage, status: 407 }, 'invalid-configuration', /proxy/],
    ['something that is not S3', { status: 200, body: '{"ok":true}' }, 'invalid-configuration', /endpoint/],
    ['an empty answer', { status: 200 }, 'invalid-configuration', /endpoint/],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode, RegExp])[])(
    'tells %s, and what to do',
    async (...row) => {
      const [, given, code, hint] = row;
      fake.answer = () => given;
      await using adapter = adapterOf();
      const attempts = [adapter.check(), listing(adapter), adapter.get(key)];
      for (const attempt of attempts) {
        const error = await failureOf(attempt);
        expect(error, inspect(error)).toMatchObject({ code });
        expect(error.hint).toMatch(hint);
        expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/planted/i);
      }
    },
  );

  test.each([
    ['slow down', s3Error(503, 'SlowDown'), 'rate-limited'],
    ['an error of the server', s3Error(500, 'InternalError'), 'unavailable'],
    ['a page of a gateway', { ...signInPage, status: 502 }, 'unavailable'],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode])[])(
    'tries again: %s',
    async (_name, given, code) => {
      fake.answer = () => given;
      fake.requests = [];
      await using adapter = adapterOf();
      const error = await failureOf(adapter.get(key));
      expect(error).toMatchObject({ code, retry: 'exhausted', attempts: 2 });
      expect(fake.requests).toHaveLength(2);
    },
  );

  test('does not wait longer than it may where it is asked to come back later', async () => {
    fake.answer = () => s3Error(503, 'SlowDown', { 'retry-after': '3600' });
    await using adapter = adapterOf();
    expect(await failureOf(adapter.get(key))).toMatchObject({ code: 'rate-limited', attempts: 1 });
  });
});

describe('what is configured wrongly', () => {
  test.each([
    [{ bucket: '' }, /bucket has no name/],
    [{ endpoint: 'localhost:9000' }, /endpoint is not a URL/],
    [{ endpoint: 'https://user:password@host' }, /without user, password/],
    [{ prefix: '/a' }, /prefix "\/a" begins/],
    [{ prefix: 'a\n' }, /prefix .* control/],
    [{ poolSize: 0 }, /poolSize is 0/],
    [{ timeouts: { idleMs: -1 } }, /idleMs is -1/],
  ])('refuses %j before anything is asked', (changes, message) => {
    expect(() => adapterOf(changes)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  test('names the variable of the environment that is not set', async () => {
    const environment = { accessKeyId: 'HOLDFAST_NO_SUCH_ID', secretAccessKey: 'HOLDFAST_NO_SUCH_SECRET' };
    await using adapter = adapterOf({ credentials: { environment } });
    const error = await failureOf(adapter.check());
    expect(error).toMatchObject({ code: 'unauthenticated' });
    expect(error.message).toContain('HOLDFAST_NO_SUCH_ID');
  });

  test('tells that nothing listens, and that nothing encrypted does', async () => {
    await using nothing = adapterOf({ endpoint: 'http://127.0.0.1:1' });
    expect(await failureOf(nothing.check())).toMatchObject({
      code: 'unavailable',
      hint: expect.stringMatching(/endpoint/) as string,
    });
    await using plain = adapterOf({ endpoint: fake.address.replace('http:', 'https:') });
    expect(await failureOf(plain.check())).toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringMatching(/https/) as string,
    });
  });
});

const server = await S3TestServer.open(versitygw);

describe.skipIf(server === undefined)('what a real server says no with', () => {
  test('tells wrong keys and a missing bucket apart', async () => {
    if (server === undefined) return;
    const bucket = await server.makeBucket();
    await using wrong = server.adapter({
      bucket,
      credentials: async () => ({ ...s3TestKeys, secretAccessKey: 'wrong' }),
    });
    expect(await failureOf(wrong.check())).toMatchObject({ code: 'unauthenticated' });
    expect(await failureOf(wrong.put(key, Buffer.from('x')))).toMatchObject({ code: 'unauthenticated' });
    await using missing = server.adapter({ bucket: 'no-such-bucket' });
    expect(await failureOf(missing.head(key))).toMatchObject({
      code: 'not-found',
      hint: expect.stringMatching(/bucket/) as string,
    });
  });
});

async function listing(adapter: S3StorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
