import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { MLflowStorageAdapter, type MlflowStorageOptions } from '@holdfast/adapter-mlflow';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const key = parseObjectKey('model.bin');
const token = 'a-planted-token';
let answer: Answer;
const fake = createServer((request, response) => answer(request, response));

beforeAll(async () => {
  fake.listen(0, '127.0.0.1');
  await once(fake, 'listening');
});
afterAll(() => void fake.close());

const refusals: readonly (readonly [string, number, string, string, RegExp])[] = [
  [
    'credentials that are not known',
    401,
    'You are not authenticated.',
    'unauthenticated',
    /MLFLOW_TRACKING_TOKEN/,
  ],
  ['credentials without permission', 403, 'Permission denied', 'permission-denied', /Allow/],
  [
    'a name that is not allowed',
    403,
    'Invalid Host header - possible DNS rebinding attack detected',
    'invalid-configuration',
    /--allowed-hosts/,
  ],
  [
    'a server that serves no artifacts',
    503,
    '{"detail":"Artifact serving is disabled. Run"}',
    'invalid-configuration',
    /--serve-artifacts/,
  ],
  ['something that is not MLflow', 404, '<html>nothing</html>', 'invalid-configuration', /endpoint/],
  ['a redirection to a page for signing in', 302, '', 'invalid-configuration', /sign-in/],
  ['a body that is too large', 413, '<html>', 'invalid-argument', /limit/],
  ['a failing server', 500, 'Internal Server Error', 'unavailable', /log of the MLflow server/],
  ['too many requests', 429, '', 'rate-limited', /^$/],
];

describe('what answers badly', () => {
  test.each(refusals)('tells %s', async (...refusal) => {
    const [, status, body, code, hint] = refusal;
    answer = (_request, response) => void response.writeHead(status, { location: '/login' }).end(body);
    await using adapter = adapterOf();
    const error = await failureOf(adapter.head(key));
    expect(error.code).toBe(code);
    expect(error.hint ?? '').toMatch(hint);
    expect(inspect(error, { depth: 10 })).not.toContain(token);
  });

  test('tells a server whose artifacts lie elsewhere', async () => {
    answer = (_request, response) => {
      response.write('bytes');
      response.end();
    };
    await using adapter = adapterOf();
    expect(await failureOf(adapter.get(key))).toMatchObject({
      code: 'unsupported',
      hint: expect.stringMatching(/bucket/) as string,
    });
  });

  test.each(['[]', 'null', '{"files":[{}]}', '{"files":3}', '<html>'])(
    'takes %s for no listing',
    async (text) => {
      answer = (_request, response) => void response.end(text);
      await using adapter = adapterOf();
      const listing = Array.fromAsync(adapter.list());
      expect(await failureOf(listing)).toMatchObject({ code: 'invalid-configuration' });
    },
  );

  test('refuses to list a folder that does not fit into memory', async () => {
    answer = (_request, response) => void response.end(Buffer.alloc(17 * 1_048_576, ' '));
    await using adapter = adapterOf();
    expect(await failureOf(Array.fromAsync(adapter.list()))).toMatchObject({ code: 'unsupported' });
  });

  test('tells an upload that arrived cut, after it was sent again', async () => {
    let puts = 0;
    answer = (request, response) => {
      if (request.method === 'PUT') puts++;
      request.resume();
      request.on('end', () => {
        const headers = { etag: '"e"', 'content-range': 'bytes 0-1/2', 'content-length': 2 };
        if (request.method === 'GET') response.writeHead(206, headers).end('ab');
        else response.end();
      });
    };
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, Buffer.from('abcdef')));
    expect(error.message).toMatch(/2 of 6 bytes/);
    expect(puts).toBe(2);
  });

  test('does not take the state of somebody else for its own', async () => {
    answer = (request, response) => {
      request.resume();
      request.on('end', () => {
        const headers = { etag: '"theirs"', 'content-range': 'bytes 0-5/6', 'content-length': 6 };
        if (request.method === 'GET') response.writeHead(206, headers).end('theirs');
        else response.end();
      });
    };
    await using adapter = adapterOf();
    expect((await adapter.put(key, Buffer.from('abcdef'))).etag).toMatch(/^replaced-/);
  });
});

describe('what is sent', () => {
  test.each([
    [{ token }, `Bearer ${token}`],
    [{ username: 'someone', password: 'p' }, `Basic ${Buffer.from('someone:p').toString('base64')}`],
  ])('signs in with %o', async (credentials, expected) => {
    let seen: string | undefined;
    answer = (request, response) => {
      seen = request.headers.authorization;
      response.writeHead(404).end('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}');
    };
    await using adapter = adapterOf({ credentials: async () => credentials });
    expect(await adapter.head(key)).toBeUndefined();
    expect(seen).toBe(expected);
  });

  test('names a spool folder that cannot be used', async () => {
    answer = (_request, response) => void response.end();
    await using adapter = adapterOf({
      spoolFolder: '/no/such/folder',
      transfer: { partSizeBytes: 1_048_576 },
    });
    expect(await failureOf(adapter.put(key, Buffer.alloc(3_000_000)))).toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringMatching(/spoolFolder/) as string,
    });
  });
});

describe('what is given', () => {
  test.each([
    { endpoint: 'mlflow.example.org' },
    { endpoint: 'sqlite:///mlflow.db' },
    { endpoint: 'http://someone:secret@127.0.0.1' },
    { prefix: '/a' },
    { poolSize: 0 },
  ])('refuses %o', (changes) => {
    expect(() => adapterOf(changes)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  test('tells that nothing listens', async () => {
    await using adapter = adapterOf({ endpoint: 'http://127.0.0.1:1' });
    expect(await failureOf(adapter.check())).toMatchObject({
      code: 'unavailable',
      hint: expect.stringMatching(/endpoint/) as string,
    });
  });
});

function adapterOf(changes: Partial<MlflowStorageOptions> = {}): MLflowStorageAdapter {
  const { port } = fake.address() as AddressInfo;
  return new MLflowStorageAdapter({
    endpoint: `http://127.0.0.1:${port}`,
    credentials: async () => ({ token }),
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 2 },
    ...changes,
  });
}
