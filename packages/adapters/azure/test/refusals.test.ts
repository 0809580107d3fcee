import { inspect } from 'node:util';
import { ContainerSASPermissions } from '@azure/storage-blob';
import { AzureBlobStorageAdapter, type AzureBlobStorageOptions } from '@holdfast/adapter-azure';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer, versitygw } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';
import { AzureTestServer } from './azure-test-server.ts';

const key = parseObjectKey('model');
const server = await AnsweringServer.open();
const encrypted = await AnsweringServer.open({ isEncrypted: true });
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await encrypted[Symbol.asyncDispose]();
});

function adapterOf(changes: Partial<AzureBlobStorageOptions> = {}): AzureBlobStorageAdapter {
  return new AzureBlobStorageAdapter({
    container: 'models',
    endpoint: `${server.address}/lab`,
    credentials: { accountKey: () => Buffer.from('planted-account-key').toString('base64') },
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    ...changes,
  });
}

/** An answer as Azure gives it. */
function refusal(status: number, code: string, detail: string): CannedAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Server failed to authenticate the request.</Message><AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail></Error>`;
  const headers = { 'content-type': 'application/xml', 'x-ms-request-id': '1', 'x-ms-error-code': code };
  return { status, headers, body };
}

describe('what Azure answers, also to requests whose answer has no body', () => {
  test.each([
    [
      'a clock that is wrong',
      refusal(403, 'AuthenticationFailed', "Request date header too old: 'Thu, 01 Jan 2026 00:00:00 GMT'"),
      'unauthenticated',
      /clock of this machine/,
    ],
    [
      'an expired signature',
      refusal(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame'),
      'unauthenticated',
      /expiry/,
    ],
    ['an account that was turned off', refusal(403, 'AccountIsDisabled', ''), 'permission-denied', /role/],
    ['a key that it cannot spell', refusal(400, 'InvalidUri', ''), 'invalid-key', undefined],
  ] as const)('%s', async (...[, answer, code, hint]) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    const works = [adapter.check(), adapter.get(key), adapter.head(key), adapter.put(key, new Uint8Array(1))];
    for (const error of await Promise.all(works.map(failureOf))) {
      expect(error, inspect(error)).toMatchObject({ code });
      if (hint !== undefined) expect(error.hint).toMatch(hint);
    }
  });
});

describe('bodies that are not as announced', () => {
  test('one that is cut each time', async () => {
    server.answer = () => ({ ...blob('weights'), cutAfterBytes: 0 });
    await using adapter = adapterOf();
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'unavailable', retry: 'exhausted' });
  });

  test('one that is shorter than announced, and whose rest never comes', async () => {
    server.answer = () => ({ ...blob('weights', { announced: 9 }), isSilentAfter: true });
    await using adapter = adapterOf({ timeouts: { idleMs: 50 } });
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'timeout', retry: 'exhausted' });
  });

  test('one whose length is not that of its range', async () => {
    server.answer = () => {
      const { headers, ...rest } = blob('weights');
      return { ...rest, headers: { ...headers, 'content-range': 'bytes 0-9/10' } };
    };
    await using adapter = adapterOf();
    const error = await failureOf(bytesOf(adapter));
    expect(error).toMatchObject({ code: 'invalid-configuration' });
    expect(error.hint).toMatch(/proxy/);
  });
});

test('a certificate that nobody vouches for', async () => {
  await using adapter = adapterOf({ endpoint: `${encrypted.address}/lab` });
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
  await using adapter = adapterOf({ endpoint: `${other.address}/lab` });
  const works = [adapter.check(), adapter.get(key), adapter.put(key, new Uint8Array(1))];
  for (const error of await Promise.all(works.map(failureOf))) {
    expect(error, inspect(error)).toMatchObject({ code: 'invalid-configuration' });
    expect(error.hint).toMatch(/endpoint/);
  }
});

const azure = await AzureTestServer.open();

describe.skipIf(azure === undefined)('a shared access signature', () => {
  test.each([
    ['that may read and not list', 'r', 60_000, 'permission-denied', /Contributor/],
    ['that has expired', 'rl', -60_000, 'unauthenticated', /expiry/],
  ] as const)('%s', async (...[, permissions, livesMs, code, hint]) => {
    if (azure === undefined) return;
    const container = await azure.makeContainer();
    await using owner = azure.adapter({ container });
    await owner.put(key, Buffer.from('weights'));
    const url = await azure.client(container).generateSasUrl({
      permissions: ContainerSASPermissions.parse(permissions),
      startsOn: new Date(Date.now() - 3_600_000),
      expiresOn: new Date(Date.now() + livesMs),
    });
    await using adapter = azure.adapter({ container, credentials: { sas: () => new URL(url).search } });
    if (code === 'permission-denied') expect(await bytesOf(adapter)).toBe('weights');
    for (const error of await Promise.all([adapter.check(), listing(adapter)].map(failureOf))) {
      expect(error, inspect(error)).toMatchObject({ code });
      expect(error.hint).toMatch(hint);
    }
  });
});

function blob(body: string, { announced = body.length } = {}): CannedAnswer {
  const headers = {
    'content-length': String(announced),
    'content-range': `bytes 0-${announced - 1}/${announced}`,
    etag: '"0x8DE000000000000"',
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    'x-ms-request-id': '1',
    'x-ms-blob-type': 'BlockBlob',
  };
  return { status: 206, headers, body };
}

async function bytesOf(adapter: AzureBlobStorageAdapter): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function listing(adapter: AzureBlobStorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
