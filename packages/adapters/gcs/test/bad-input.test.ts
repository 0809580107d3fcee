import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { GcpStorageAdapter, type GcpStorageOptions } from '@holdfast/adapter-gcs';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import type { StorageErrorCode } from '@holdfast/ports';
import { AnsweringServer, type CannedAnswer, signInPage } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';
import { GcsTestServer } from './gcs-test-server.ts';

const key = parseObjectKey('model');
const quick = { retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 } };
const fake = await AnsweringServer.open();

afterAll(() => fake[Symbol.asyncDispose]());

function adapterOf(changes: Partial<GcpStorageOptions> = {}): GcpStorageAdapter {
  return new GcpStorageAdapter({ bucket: 'bucket', endpoint: fake.address, ...quick, ...changes });
}

function jsonError(status: number, reason: string, message = 'no'): CannedAnswer {
  const body = JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function xmlError(status: number, code: string): CannedAnswer {
  const body = `<?xml version='1.0'?><Error><Code>${code}</Code><Message>no upload_id=planted-0123</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

describe('what a server or a proxy says no with', () => {
  test.each([
    ['expired credentials', jsonError(401, 'authError'), 'unauthenticated', /GOOGLE_APPLICATION_CREDENTIALS/],
    ['unknown callers', xmlError(401, 'AuthenticationRequired'), 'unauthenticated', /credentials/],
    ['no permission', jsonError(403, 'forbidden'), 'permission-denied', /roles\/storage/],
    ['no permission to bytes', xmlError(403, 'AccessDenied'), 'permission-denied', /roles\/storage/],
    ['a hold', jsonError(403, 'retentionPolicyNotMet'), 'permission-denied', /retention/],
    ['an API that is off', jsonError(403, 'accessNotConfigured'), 'permission-denied', /Enable/],
    ['whoever has to pay', jsonError(400, 'userProjectMissing'), 'invalid-configuration', /quota project/],
    [
      'a missing bucket',
      jsonError(404, 'notFound', 'The specified bucket does not exist.'),
      'not-found',
      /multi-region/,
    ],
    ['a missing bucket of bytes', xmlError(404, 'NoSuchBucket'), 'not-found', /name of the bucket/],
    ['a used up quota', jsonError(403, 'quotaExceeded'), 'quota-exceeded', /quota/],
    ['a page of a proxy', signInPage, 'invalid-configuration', /proxy/],
    ['a refusal of a proxy', { ...signInPage, status: 407 }, 'invalid-configuration', /proxy/],
    ['a way elsewhere', { status: 302, headers: { location: '/login' } }, 'invalid-configuration', /sign-in/],
    ['something else', { status: 200, body: '{"ok":true}' }, 'invalid-configuration', /endpoint/],
    ['an empty answer', { status: 200 }, 'invalid-configuration', /endpoint/],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode, RegExp])[])(
    'tells %s, and what to do',
    async (...[, given, code, hint]) => {
      fake.answer = () => given;
      await using adapter = adapterOf();
      const attempts = [
        adapter.check(),
        listing(adapter),
        adapter.get(key),
        adapter.put(key, Buffer.from('x')),
        adapter.head(key),
      ];
      for (const error of await Promise.all(attempts.map(failureOf))) {
        if (error.operation === 'put' && error.code === 'indeterminate') continue;
        expect(error, inspect(error)).toMatchObject({ code });
        expect(error.hint).toMatch(hint);
        expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/planted/i);
      }
    },
  );

  test.each([
    ['too many requests', jsonError(429, 'rateLimitExceeded'), 'rate-limited'],
    ['too many changes of one object', jsonError(403, 'userRateLimitExceeded'), 'rate-limited'],
    ['an error of the server', jsonError(503, 'backendError'), 'unavailable'],
    ['a page of a gateway', { ...signInPage, status: 502 }, 'unavailable'],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode])[])(
    'tries again: %s',
    async (_name, given, code) => {
      fake.answer = () => given;
      fake.requests = [];
      await using adapter = adapterOf();
      expect(await failureOf(adapter.get(key))).toMatchObject({ code, retry: 'exhausted', attempts: 2 });
      expect(fake.requests).toHaveLength(2);
    },
  );

  test('does not wait longer than it may where it is asked to come back later', async () => {
    const busy = jsonError(429, 'rateLimitExceeded');
    fake.answer = () => ({ ...busy, headers: { ...busy.headers, 'retry-after': '3600' } });
    await using adapter = adapterOf();
    expect(await failureOf(adapter.get(key))).toMatchObject({ code: 'rate-limited', attempts: 1 });
  });
});

describe('what is configured wrongly', () => {
  test.each([
    [{ bucket: '' }, /bucket has no name/],
    [{ endpoint: 'localhost:4443' }, /endpoint is not a URL/],
    [{ endpoint: 'http://storage.example' }, /not encrypted/],
    [{ endpoint: 'https://storage.example' }, /not Google's/],
    [{ endpoint: 'http://storage.googleapis.com', credentials: 'default' }, /not encrypted/],
    [{ prefix: '.well-known/' }, /acme-challenge/],
    [{ prefix: '.well-known/acme-challenge/a/' }, /acme-challenge/],
    [{ poolSize: 0 }, /poolSize is 0/],
  ] as readonly (readonly [Partial<GcpStorageOptions>, RegExp])[])(
    'refuses %j before anything is asked',
    (changes, message) => {
      expect(() => adapterOf(changes)).toThrow(
        expect.objectContaining({
          code: 'invalid-configuration',
          message: expect.stringMatching(message) as string,
        }),
      );
    },
  );

  test('takes endpoints of Google and of this machine as they are', () => {
    for (const address of [
      'https://storage.europe-west3.rep.googleapis.com',
      'http://[::1]:4443',
      'http://localhost:4443/',
    ]) {
      expect(adapterOf({ endpoint: address }).capabilities.presignGet).toBe(address.startsWith('https:'));
    }
  });

  test('names the variable, the file or the function that gives no key, and not what it gives', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-gcs-'));
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, '{"type":"service_account","private_key":"planted');
    for (const [credentials, message] of [
      [{ environment: 'HOLDFAST_NO_SUCH_KEY' }, /HOLDFAST_NO_SUCH_KEY is not set/],
      [{ keyFile: join(folder, 'missing.json') }, /missing\.json cannot be read/],
      [{ keyFile }, /key\.json does not hold the JSON/],
      [async () => 'planted', /JSON of a key file/],
      [async () => '{"type":"service_account"}', /client_email/],
      [async () => '{"type":"impersonated_service_account"}', /no key of a service account/],
    ] as readonly (readonly [NonNullable<GcpStorageOptions['credentials']>, RegExp])[]) {
      await using adapter = adapterOf({ credentials });
      const error = await failureOf(adapter.check());
      expect(error, inspect(error)).toMatchObject({ code: 'unauthenticated' });
      expect(error.message).toMatch(message);
      expect(error.hint).toEqual(expect.any(String));
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/planted/);
    }
    await rm(folder, { recursive: true });
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

  test('refuses what cannot be sent before it is', async () => {
    fake.requests = [];
    await using adapter = adapterOf();
    const put = adapter.put(key, Buffer.from('x'), { contentType: 'text/plain\r\nx: y' });
    expect(await failureOf(put)).toMatchObject({ code: 'invalid-argument' });
    const fold = listing(adapter, '%');
    expect(await failureOf(fold)).toMatchObject({ code: 'unsupported' });
    const presigned = adapter.presign(key, { method: 'GET', expiresInSeconds: 1 });
    expect(await failureOf(presigned)).toMatchObject({ code: 'unsupported' });
    expect(fake.requests).toEqual([]);
  });
});

const server = await GcsTestServer.open();

describe.skipIf(server === undefined)('what a real server says no with', () => {
  test('tells a missing bucket from a missing object', async () => {
    if (server === undefined) return;
    const bucket = await server.makeBucket();
    await using present = server.adapter({ bucket });
    expect(await present.head(key)).toBeUndefined();
    await using missing = server.adapter({ bucket: 'no-such-bucket' });
    const attempts = [
      missing.head(key),
      missing.get(key),
      missing.put(key, Buffer.from('x')),
      missing.put(key, Buffer.alloc(9_000_000)),
      missing.check(),
    ];
    for (const error of await Promise.all(attempts.map(failureOf))) {
      const hint = expect.stringMatching(/bucket/) as string;
      expect(error).toMatchObject({ code: 'not-found', hint });
    }
  });

  test('keeps keys that no name may begin with, in their order', async () => {
    if (server === undefined) return;
    const bucket = await server.makeBucket();
    await using adapter = server.adapter({ bucket });
    const keys = ['%', '-a', '.well-known/acme-challenge/token', '.well-known/b', '0', 'a'].map((text) =>
      parseObjectKey(text),
    );
    await Promise.all(keys.map((each) => adapter.put(each, Buffer.from(each))));
    const listed: string[] = [];
    for await (const { objects } of adapter.list()) listed.push(...objects.map((object) => object.key));
    expect(listed).toEqual(keys);
    const answered = await fetch(`${server.endpoint}/storage/v1/b/${bucket}/o`);
    const { items } = (await answered.json()) as { readonly items: readonly { readonly name: string }[] };
    expect(items.filter(({ name }) => name.startsWith('.'))).toEqual([]);
  });
});

async function listing(adapter: GcpStorageAdapter, delimiter?: string): Promise<void> {
  const options = delimiter === undefined ? {} : { delimiter };
  for await (const page of adapter.list(options)) expect(page).toBeDefined();
}
