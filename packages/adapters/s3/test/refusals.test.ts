import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { S3StorageAdapter, type S3StorageOptions } from '@holdfast/adapter-s3';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer, azurite } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const server = await AnsweringServer.open();
const encrypted = await AnsweringServer.open({ isEncrypted: true });
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await encrypted[Symbol.asyncDispose]();
});

function adapterOf(changes: Partial<S3StorageOptions> = {}): S3StorageAdapter {
  return new S3StorageAdapter({
    bucket: 'models',
    endpoint: server.address,
    credentials: async () => ({ accessKeyId: 'AKIAPLANTEDPLANTED00', secretAccessKey: 'planted-secret' }),
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    ...changes,
  });
}

/** An answer as S3 gives it. */
function s3Error(
  status: number,
  code: string,
  { fields = '', headers = {} }: { fields?: string; headers?: Record<string, string> } = {},
): CannedAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message>${fields}<RequestId>4442587FB7D0A2F9</RequestId></Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

const wrongRegion = { headers: { 'x-amz-bucket-region': 'eu-north-1' } };

describe('what S3 answers, also to requests whose answer has no body', () => {
  test.each([
    [
      'a region that the signature does not fit',
      s3Error(400, 'AuthorizationHeaderMalformed', { fields: '<Region>eu-north-1</Region>' }),
      'invalid-configuration',
      /region of the store to eu-north-1/,
    ],
    [
      'a bucket in another region',
      s3Error(301, 'PermanentRedirect', wrongRegion),
      'invalid-configuration',
      /region of the store to eu-north-1/,
    ],
    ['an expired token', s3Error(400, 'ExpiredToken'), 'unauthenticated', /Sign in again/],
    ['an unknown key', s3Error(403, 'InvalidAccessKeyId'), 'unauthenticated', /credentials/],
    ['a wrong secret', s3Error(403, 'SignatureDoesNotMatch'), 'unauthenticated', /secret access key/],
    [
      'a clock that is wrong',
      s3Error(403, 'RequestTimeTooSkewed', {
        fields: '<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>',
      }),
      'unauthenticated',
      /clock/,
    ],
    ['a key that is too long for it', s3Error(400, 'KeyTooLongError'), 'invalid-key', undefined],
  ] as const)('%s', async (...[, answer, code, hint]) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    const works = [adapter.check(), adapter.get(key), adapter.head(key), adapter.put(key, new Uint8Array(1))];
    for (const error of await Promise.all(works.map(failureOf))) {
      expect(error, inspect(error)).toMatchObject({ code });
      if (hint !== undefined) expect(error.hint).toMatch(hint);
    }
  });

  test('credentials that may read and not list', async () => {
    server.answer = (request) => (isOfModel(request) ? object('weights') : s3Error(403, 'AccessDenied'));
    await using adapter = adapterOf();
    expect(await bytesOf(adapter)).toBe('weights');
    const others = [adapter.check(), listing(adapter), adapter.get(parseObjectKey('missing'))];
    for (const error of await Promise.all(others.map(failureOf))) {
      expect(error).toMatchObject({ code: 'permission-denied' });
      expect(error.hint).toMatch(/s3:GetObject.*s3:ListBucket/);
    }
  });
});

describe('bodies that are not as announced', () => {
  test('one that is cut each time', async () => {
    server.answer = () => ({ ...object('weights'), cutAfterBytes: 0 });
    await using adapter = adapterOf();
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'unavailable', retry: 'exhausted' });
  });

  test('one that is shorter than announced, and whose rest never comes', async () => {
    server.answer = () => ({ ...object('weights', { announced: 9 }), isSilentAfter: true });
    await using adapter = adapterOf({ timeouts: { idleMs: 50 } });
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'timeout', retry: 'exhausted' });
  });

  test('one whose length is not that of its range', async () => {
    server.answer = () => {
      const { headers, ...rest } = object('weights');
      return { ...rest, headers: { ...headers, 'content-range': 'bytes 0-9/10' } };
    };
    await using adapter = adapterOf();
    const error = await failureOf(bytesOf(adapter));
    expect(error).toMatchObject({ code: 'invalid-configuration' });
    expect(error.hint).toMatch(/proxy/);
  });
});

test('a certificate that nobody vouches for', async () => {
  await using adapter = adapterOf({ endpoint: encrypted.address });
  const works = [adapter.check(), adapter.get(key), adapter.put(key, new Uint8Array(1))];
  for (const error of await Promise.all(works.map(failureOf))) {
    expect(error).toMatchObject({ code: 'invalid-configuration' });
    expect(error.message).toContain('SELF_SIGNED');
    expect(error.hint).toContain('NODE_EXTRA_CA_CERTS');
  }
});

test('a server of Azure', async ({ skip }) => {
  await using other = await azurite.open();
  if (other === undefined) return skip();
  await using adapter = adapterOf({ endpoint: new URL(other.address).origin });
  const works = [adapter.check(), listing(adapter), adapter.put(key, new Uint8Array(1))];
  for (const error of await Promise.all(works.map(failureOf))) {
    expect(error, inspect(error)).toMatchObject({ code: 'invalid-configuration' });
    expect(error.hint).toMatch(/endpoint/);
  }
});

function isOfModel({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/models/model');
}

function object(body: string, { announced = body.length } = {}): CannedAnswer {
  const headers = {
    'content-length': String(announced),
    'content-range': `bytes 0-${announced - 1}/${announced}`,
    etag: '"0123456789abcdef0123456789abcdef"',
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  };
  return { status: 206, headers, body };
}

async function bytesOf(adapter: S3StorageAdapter): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function listing(adapter: S3StorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
