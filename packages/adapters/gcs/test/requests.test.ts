import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GcpStorageAdapter } from '@holdfast/adapter-gcs';
import { parseObjectKey } from '@holdfast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

interface Said {
  readonly status?: number;
  readonly value?: unknown;
}

const key = parseObjectKey('from/here');
const object = {
  name: 'from/here',
  size: '3',
  generation: '17',
  updated: '2026-01-02T03:04:05Z',
  metadata: {},
};
const mismatch = {
  error: { code: 412, message: 'no', errors: [{ reason: 'conditionNotMet', message: 'no' }] },
};
let asked: Asked[] = [];
let answers: ((request: Asked) => Said)[] = [];

/** Says what it is told to: what no emulator does, and Google does. */
const scripted = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://localhost');
  const now: Asked = {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
  };
  request.resume();
  asked.push(now);
  const { status = 200, value } = answers.shift()?.(now) ?? { status: 500 };
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(value === undefined ? undefined : JSON.stringify(value));
});

beforeAll(async () => {
  scripted.listen(0, '127.0.0.1');
  await once(scripted, 'listening');
});
beforeEach(() => {
  asked = [];
});
afterAll(() => scripted.close());

function adapterOf(): GcpStorageAdapter {
  const { port } = scripted.address() as AddressInfo;
  return new GcpStorageAdapter({ bucket: 'b', endpoint: `http://127.0.0.1:${port}`, retry: { attempts: 1 } });
}

describe('conditions that fake-gcs-server ignores', () => {
  test('a deletion names its generation, and is refused by it', async () => {
    await using adapter = adapterOf();
    answers = [() => ({ status: 412, value: mismatch }), () => ({ value: object })];
    const [refused] = await adapter.delete([{ key, ifMatch: '16' }]);
    expect(refused).toMatchObject({ error: { code: 'precondition-failed' } });
    expect(asked[0]).toMatchObject({ method: 'DELETE', query: { ifGenerationMatch: '16' } });
    answers = [() => ({ status: 412, value: mismatch }), () => ({ status: 404, value: {} }), listed];
    expect(await adapter.delete([{ key, ifMatch: '16' }])).toEqual([{ key, outcome: 'absent' }]);
  });

  test('a copy pins its source, goes on until it is done, and is refused by its condition', async () => {
    await using adapter = adapterOf();
    const to = parseObjectKey('to');
    answers = [
      () => ({ value: object }),
      () => ({ value: { done: false, rewriteToken: 'more' } }),
      () => ({ value: { done: true, resource: { ...object, name: 'to', generation: '18' } } }),
    ];
    expect(await adapter.copy(key, to, { mode: 'create' })).toMatchObject({ key: to, etag: '18' });
    const [, first, second] = asked;
    expect(first).toMatchObject({
      path: '/storage/v1/b/b/o/from%2Fhere/rewriteTo/b/b/o/to',
      query: { sourceGeneration: '17', ifGenerationMatch: '0' },
    });
    expect(first?.query).not.toHaveProperty('rewriteToken');
    expect(second?.query).toMatchObject({
      rewriteToken: 'more',
      sourceGeneration: '17',
      ifGenerationMatch: '0',
    });
    for (const [mode, code] of [
      ['create', 'already-exists'],
      [{ ifMatch: '5' }, 'precondition-failed'],
    ] as const) {
      answers = [
        () => ({ value: object }),
        () => ({ status: 412, value: mismatch }),
        () => ({ value: object }),
      ];
      await expect(adapter.copy(key, to, { mode })).rejects.toMatchObject({ code });
    }
  });

  test('a source that was replaced while it was copied is copied as it is now', async () => {
    await using adapter = adapterOf();
    const newer = { ...object, generation: '20' };
    answers = [
      () => ({ value: object }),
      () => ({ status: 404, value: { error: { code: 404, message: 'No such object: b/from/here' } } }),
      () => ({ value: newer }),
      () => ({ value: newer }),
      ({ query }) => ({ value: { done: query['sourceGeneration'] === '20', resource: object } }),
    ];
    await adapter.copy(key, parseObjectKey('to'));
    expect(answers).toEqual([]);
  });

  test('a state that is still the same is refused before its bytes are sent', async () => {
    await using adapter = adapterOf();
    answers = [() => ({ status: 304 })];
    await expect(adapter.get(key, { ifNoneMatch: '17' })).rejects.toMatchObject({ code: 'not-modified' });
    expect(asked).toMatchObject([{ query: { ifGenerationNotMatch: '17' } }]);
  });

  test('bytes that changed on the way are taken back, and told', async () => {
    await using adapter = adapterOf();
    answers = [
      () => ({ value: { ...object, crc32c: 'AAAAAA==' } }),
      () => ({ status: 204 }),
      () => ({ status: 404, value: {} }),
    ];
    await expect(adapter.put(key, Buffer.from('abc'))).rejects.toMatchObject({ code: 'checksum-mismatch' });
    expect(asked[1]).toMatchObject({ method: 'DELETE', query: { ifGenerationMatch: '17' } });
  });
});

describe('listing as Google does', () => {
  test('pages hold objects and folds together, each once, also from inside of a fold', async () => {
    await using adapter = adapterOf();
    const item = (name: string): object => ({ ...object, name });
    answers = [
      () => ({ value: { kind: 'storage#objects', items: [item('f/b'), item('f/c')] } }),
      () => ({ value: { kind: 'storage#objects', items: [item('g')], nextPageToken: 'next' } }),
      () => ({ value: { kind: 'storage#objects', prefixes: ['h/'] } }),
    ];
    const pages: (readonly string[])[] = [];
    for await (const { objects, prefixes } of adapter.list({
      delimiter: '/',
      startAfter: 'f/b',
      pageSize: 1,
    })) {
      pages.push([...objects.map((each) => each.key), ...prefixes]);
    }
    expect(pages).toEqual([['f/'], ['g'], ['h/']]);
    expect(asked.map(({ query }) => query['startOffset'])).toEqual(['f/b', 'f/\u{10FFFF}', 'f/b']);
    expect(asked[2]?.query).toMatchObject({ pageToken: 'next', delimiter: '/', maxResults: '1' });
  });
});

describe('signed requests (V4)', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const credentials = async (): Promise<string> =>
    JSON.stringify({
      type: 'service_account',
      client_email: 'signer@project.iam.gserviceaccount.com',
      private_key: privateKey,
    });

  test('hold method, name, time and headers, and ask nobody', async () => {
    await using adapter = new GcpStorageAdapter({ bucket: 'models', prefix: 'team/', credentials });
    const read = await adapter.presign(parseObjectKey('a b/ü%.bin'), {
      method: 'GET',
      expiresInSeconds: 600,
    });
    const url = new URL(read.url);
    expect(url.origin + url.pathname).toBe('https://storage.googleapis.com/models/team/a%20b/%C3%BC%25.bin');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Goog-Algorithm': 'GOOG4-RSA-SHA256',
      'X-Goog-Expires': '600',
      'X-Goog-SignedHeaders': 'host',
    });
    expect(read.headers).toEqual({});
    const checksum = `sha256:${'ab'.repeat(32)}` as const;
    const write = await adapter.presign(key, {
      method: 'PUT',
      expiresInSeconds: 60,
      contentType: 'text/plain',
      checksum: checksum as never,
    });
    expect(new URL(write.url).searchParams.get('X-Goog-SignedHeaders')).toBe(
      'content-type;host;x-goog-content-sha256',
    );
    expect(write.headers).toEqual({
      'content-type': 'text/plain',
      'x-goog-content-sha256': 'ab'.repeat(32),
    });
  });

  test('tell that whoever is signed in cannot sign', async () => {
    const user = async (): Promise<string> =>
      JSON.stringify({
        type: 'authorized_user',
        client_id: 'planted',
        client_secret: 'planted',
        refresh_token: 'planted',
      });
    await using adapter = new GcpStorageAdapter({ bucket: 'models', credentials: user });
    const presigned = adapter.presign(key, { method: 'GET', expiresInSeconds: 60 });
    await expect(presigned).rejects.toMatchObject({ code: 'unsupported' });
  });
});

function listed(): Said {
  return { value: { kind: 'storage#objects' } };
}
