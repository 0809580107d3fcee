import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { GcpStorageAdapter, type GcpStorageOptions } from '@holdfast/adapter-gcs';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer, versitygw } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const server = await AnsweringServer.open();
const encrypted = await AnsweringServer.open({ isEncrypted: true });
const folder = await mkdtemp(join(tmpdir(), 'holdfast-gcs-'));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await encrypted[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function adapterOf(changes: Partial<GcpStorageOptions> = {}): GcpStorageAdapter {
  return new GcpStorageAdapter({
    bucket: 'models',
    endpoint: server.address,
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    ...changes,
  });
}

function json(status: number, content: unknown): CannedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}

const forbidden = json(403, {
  error: { code: 403, message: 'no', errors: [{ reason: 'forbidden', message: 'no' }] },
});

describe('what the service that gives tokens answers', () => {
  test.each([
    [
      'a key that was deleted',
      json(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }),
    ],
    [
      'a clock that is wrong',
      json(400, {
        error: 'invalid_grant',
        error_description:
          'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
      }),
    ],
    [
      'an expired subject',
      json(400, { error: 'invalid_grant', error_description: 'ID Token is stale to sign-in.' }),
    ],
  ])('%s', async (_what, answer) => {
    server.answer = (request) => (request.url === '/token' ? answer : json(200, {}));
    await using adapter = adapterOf({ credentials: externalAccount });
    for (const error of await Promise.all([adapter.check(), adapter.get(key)].map(failureOf))) {
      expect(error, inspect(error)).toMatchObject({ code: 'unauthenticated' });
      expect(error.hint).toMatch(/credentials/);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('planted');
    }
  });
});

test('credentials that may read and not list', async () => {
  server.answer = (request) => (isOfModel(request) ? object('weights') : forbidden);
  await using adapter = adapterOf();
  expect(await bytesOf(adapter)).toBe('weights');
  for (const error of await Promise.all([adapter.check(), listing(adapter)].map(failureOf))) {
    expect(error).toMatchObject({ code: 'permission-denied' });
    expect(error.hint).toMatch(/roles\/storage.objectViewer/);
  }
});

test('a page where a token was asked for is not shown', async () => {
  server.answer = () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>planted</html>',
  });
  await using adapter = adapterOf({ credentials: externalAccount });
  const error = await failureOf(adapter.check());
  expect(error).toMatchObject({ code: 'invalid-configuration' });
  expect(error.hint).toMatch(/proxy/);
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('planted');
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
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'unavailable', retry: 'exhausted' });
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

test('a server of S3', async ({ skip }) => {
  await using other = await versitygw.open();
  if (other === undefined) return skip();
  await using adapter = adapterOf({ endpoint: other.address });
  for (const error of await Promise.all([adapter.check(), listing(adapter)].map(failureOf))) {
    expect(error, inspect(error)).toMatchObject({ code: 'not-found' });
    expect(error.hint).toMatch(/endpoint/);
  }
});

/** Credentials whose tokens come from the server here. */
async function externalAccount(): Promise<string> {
  const subject = join(folder, 'subject');
  await writeFile(subject, 'planted-subject');
  return JSON.stringify({
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${server.address}/token`,
    credential_source: { file: subject },
  });
}

function isOfModel({ url = '' }: IncomingMessage): boolean {
  return /^\/(?:models\/model|.*\/o\/model)/.test(url);
}

function object(body: string, { announced = body.length } = {}): CannedAnswer {
  const headers = {
    'content-length': String(announced),
    'content-range': `bytes 0-${announced - 1}/${announced}`,
    'content-type': 'application/octet-stream',
    etag: '"0123456789abcdef"',
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    'x-goog-generation': '1',
    'x-goog-metageneration': '1',
    'x-goog-stored-content-length': String(announced),
  };
  return { status: 206, headers, body };
}

async function bytesOf(adapter: GcpStorageAdapter): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function listing(adapter: GcpStorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
