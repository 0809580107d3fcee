import { inspect } from 'node:util';
import { AzureBlobStorageAdapter, type AzureBlobStorageOptions } from '@holdfast/adapter-azure';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import type { StorageErrorCode } from '@holdfast/ports';
import { azureTestAccount, type CannedAnswer, AnsweringServer, signInPage } from '@holdfast/tooling-services';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { AzureTestServer } from './azure-test-server.ts';

const key = parseObjectKey('model');
const quick = { retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 } };
const plantedKey = Buffer.from('planted-account-key').toString('base64');
const plantedSas = 'sv=2025-01-05&sp=rcwdl&sig=plantedsignature0123%3D';
const fake = await AnsweringServer.open();

afterAll(() => fake[Symbol.asyncDispose]());
afterEach(() => vi.unstubAllEnvs());

function adapterOf(changes: Partial<AzureBlobStorageOptions> = {}): AzureBlobStorageAdapter {
  return new AzureBlobStorageAdapter({
    container: 'models',
    endpoint: `${fake.address}/lab`,
    credentials: { accountKey: () => plantedKey },
    ...quick,
    ...changes,
  });
}

function azureError(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): CannedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message><AuthenticationErrorDetail>The MAC signature found in the HTTP request '${plantedKey}' is not the same</AuthenticationErrorDetail></Error>`;
  const own = { 'content-type': 'application/xml', 'x-ms-request-id': '1', 'x-ms-error-code': code };
  return { status, headers: { ...own, ...headers }, body };
}

describe('what a server or a proxy says no with', () => {
  test.each([
    ['a wrong key', azureError(403, 'AuthenticationFailed'), 'unauthenticated', /account, its key/],
    ['no credentials', azureError(401, 'NoAuthenticationInformation'), 'unauthenticated', /key/],
    ['no permission', azureError(403, 'AuthorizationPermissionMismatch'), 'permission-denied', /Contributor/],
    ['keys turned off', azureError(403, 'KeyBasedAuthenticationNotPermitted'), 'permission-denied', /token/],
    ['a missing container', azureError(404, 'ContainerNotFound'), 'not-found', /name of the container/],
    ['a closed container', azureError(404, 'ResourceNotFound'), 'not-found', /account/],
    ['a page of a proxy', signInPage, 'invalid-configuration', /proxy/],
    ['a refusal of a proxy', { ...signInPage, status: 407 }, 'invalid-configuration', /proxy/],
    ['a page that is missing', { ...signInPage, status: 404 }, 'invalid-configuration', /endpoint/],
    [
      'something that is not Azure',
      { status: 200, body: '{"ok":true}' },
      'invalid-configuration',
      /endpoint/,
    ],
    ['an empty answer', { status: 200 }, 'invalid-configuration', /endpoint/],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode, RegExp])[])(
    'tells %s, and what to do',
    async (...[, given, code, hint]) => {
      fake.answer = () => given;
      for (const credentials of [{ accountKey: () => plantedKey }, { sas: () => plantedSas }]) {
        await using adapter = adapterOf({ credentials });
        const attempts = [adapter.check(), listing(adapter), adapter.get(key), adapter.head(key)];
        for (const attempt of attempts) {
          const error = await failureOf(attempt);
          expect(error, inspect(error)).toMatchObject({ code });
          expect(error.hint).toMatch(hint);
          const shown = inspect(error, { depth: 20, showHidden: true });
          for (const secret of [plantedKey, 'plantedsignature']) expect(shown).not.toContain(secret);
        }
      }
    },
  );

  test.each([
    ['slow down', azureError(503, 'ServerBusy'), 'rate-limited'],
    ['an error of the server', azureError(500, 'InternalError'), 'unavailable'],
    ['an operation that took too long', azureError(500, 'OperationTimedOut'), 'timeout'],
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
    fake.answer = () => azureError(503, 'ServerBusy', { 'retry-after': '3600' });
    await using adapter = adapterOf();
    expect(await failureOf(adapter.get(key))).toMatchObject({ code: 'rate-limited', attempts: 1 });
  });

  test.each([
    ['a lease', azureError(412, 'LeaseIdMissing'), 'locked'],
    ['snapshots', azureError(409, 'SnapshotsPresent'), 'locked'],
    ['a policy', azureError(409, 'BlobImmutableDueToPolicy'), 'permission-denied'],
  ] as readonly (readonly [string, CannedAnswer, StorageErrorCode])[])(
    'tells what keeps an object from being deleted: %s',
    async (_name, given, code) => {
      fake.answer = () => given;
      await using adapter = adapterOf();
      const [result] = await adapter.delete([{ key }]);
      expect(result).toMatchObject({ error: { code, hint: expect.any(String) as string } });
    },
  );

  test('asks for a version where the account keeps them, and takes no other one', async () => {
    fake.answer = () => ({
      status: 200,
      headers: {
        etag: '"0x1"',
        'content-length': '0',
        'x-ms-version-id': '2026-01-01T00:00:00Z',
        'x-ms-request-id': '1',
      },
    });
    fake.requests = [];
    await using adapter = adapterOf({ versions: true });
    expect(adapter.capabilities.versions).toBe(true);
    const info = await adapter.head(key, { version: '2026-01-01T00:00:00Z' });
    expect(info?.version).toBe('2026-01-01T00:00:00Z');
    expect(fake.requests).toEqual(['HEAD /lab/models/model?versionid=2026-01-01T00%3A00%3A00Z']);
    const other = await failureOf(adapter.head(key, { version: '2025-01-01T00:00:00Z' }));
    expect(other.message).toContain('version 2025-01-01T00:00:00Z was asked for');
  });
});

describe('what is configured wrongly', () => {
  test.each([
    [{ container: 'Models' }, /container "Models"/],
    [{ account: 'my-lab' }, /account "my-lab"/],
    [{ endpoint: 'localhost:10000' }, /endpoint is not a URL/],
    [{ endpoint: 'https://user:password@host' }, /without user, password/],
    [{ prefix: 'v1./' }, /dot before/],
    [{ prefix: 'a\\b' }, /backslash/],
    [{ poolSize: 0 }, /poolSize is 0/],
    [{ credentials: { connectionString: () => '' } }, /endpoint is given beside a connection string/],
  ] as readonly (readonly [Partial<AzureBlobStorageOptions>, RegExp])[])(
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

  test.each([
    [{ accountKey: () => 'not base64!' }, 'invalid-configuration', /account key/],
    [{ sas: () => 'planted' }, 'invalid-configuration', /shared access signature/],
    [{ accountKey: { environment: 'HOLDFAST_NO_SUCH_KEY' } }, 'unauthenticated', /HOLDFAST_NO_SUCH_KEY/],
    [{ token: { getToken: async () => null } }, 'invalid-configuration', /https/],
  ] as const)('tells what is wrong with credentials: %j', async (credentials, code, message) => {
    fake.requests = [];
    await using adapter = adapterOf({ credentials });
    const error = await failureOf(adapter.check());
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
    expect(fake.requests).toEqual([]);
  });

  test('reads a connection string, and shows nothing of one that it cannot read', async () => {
    await using wrong = new AzureBlobStorageAdapter({
      container: 'models',
      credentials: { connectionString: () => 'AccountName=lab;AccountKey=planted;Nonsense' },
    });
    const error = await failureOf(wrong.check());
    expect(error).toMatchObject({ code: 'invalid-configuration' });
    expect(inspect(error, { depth: 20 })).not.toContain('planted');
  });

  test('says that there are no credentials, and takes those of Azure’s command line', async () => {
    for (const name of ['CONNECTION_STRING', 'KEY', 'SAS_TOKEN', 'ACCOUNT'])
      vi.stubEnv(`AZURE_STORAGE_${name}`, undefined);
    const given = { container: 'models', endpoint: `${fake.address}/lab` };
    await using none = new AzureBlobStorageAdapter(given);
    const error = await failureOf(none.check());
    expect(error).toMatchObject({ code: 'unauthenticated' });
    expect(error.hint).toContain('AZURE_STORAGE_KEY');
    expect(() => new AzureBlobStorageAdapter({ container: 'models' })).toThrow('AZURE_STORAGE_ACCOUNT');
    vi.stubEnv('AZURE_STORAGE_KEY', plantedKey);
    vi.stubEnv('AZURE_STORAGE_ACCOUNT', 'lab');
    await using found = new AzureBlobStorageAdapter({ container: 'models' });
    const { url } = await found.presign(key, { method: 'GET', expiresInSeconds: 1 });
    expect(url).toMatch(/^https:\/\/lab\.blob\.core\.windows\.net\/models\/model\?/);
  });

  test('tells that nothing listens, and that nothing encrypted does', async () => {
    await using nothing = adapterOf({ endpoint: 'http://127.0.0.1:1/lab' });
    expect(await failureOf(nothing.check())).toMatchObject({
      code: 'unavailable',
      hint: expect.stringMatching(/endpoint/) as string,
    });
    await using plain = adapterOf({ endpoint: `${fake.address.replace('http:', 'https:')}/lab` });
    expect(await failureOf(plain.check())).toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringMatching(/https/) as string,
    });
  });
});

const server = await AzureTestServer.open();

describe.skipIf(server === undefined)('what a real server takes and says no with', () => {
  test('tells a wrong key and a missing container apart', async () => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    await using wrong = server.adapter({ container, credentials: { accountKey: () => plantedKey } });
    expect(await failureOf(wrong.check())).toMatchObject({ code: 'unauthenticated' });
    expect(await failureOf(wrong.put(key, Buffer.from('x')))).toMatchObject({ code: 'unauthenticated' });
    await using missing = server.adapter({ container: 'no-such-container' });
    for (const work of [missing.head(key), missing.get(key), missing.put(key, Buffer.from('x'))])
      expect(await failureOf(work)).toMatchObject({
        code: 'not-found',
        hint: expect.stringMatching(/container/) as string,
      });
  });

  test('takes a connection string and a shared access signature, which signs for nobody', async () => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    const { account, accountKey } = azureTestAccount;
    const text = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${server.endpoint};`;
    await using whole = new AzureBlobStorageAdapter({
      container,
      credentials: { connectionString: () => text },
    });
    await whole.check({ write: true });
    await whole.put(key, Buffer.from('x'));
    const client = server.client(container);
    const { ContainerSASPermissions } = await import('@azure/storage-blob');
    const url = await client.generateSasUrl({
      permissions: ContainerSASPermissions.parse('rcwdl'),
      expiresOn: new Date(Date.now() + 60_000),
    });
    await using signed = server.adapter({ container, credentials: { sas: () => new URL(url).search } });
    const copy = parseObjectKey('copy');
    await signed.copy(key, copy);
    expect((await signed.head(copy))?.sizeBytes).toBe(1);
    expect(signed.capabilities.presignGet).toBe(false);
    const presigned = signed.presign(key, { method: 'GET', expiresInSeconds: 1 });
    expect(await failureOf(presigned)).toMatchObject({ code: 'unsupported' });
  });
});

async function listing(adapter: AzureBlobStorageAdapter): Promise<void> {
  for await (const page of adapter.list()) expect(page).toBeDefined();
}
