import { inspect } from 'node:util';
import { GcpStorageAdapter } from '@holdfast/adapter-gcs';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer } from '@holdfast/tooling-services';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const bytes = Buffer.from('weights');
const resource = {
  kind: 'storage#object',
  name: 'a',
  size: '7',
  generation: '17',
  updated: '2026-01-02T03:04:05Z',
  crc32c: 'AAAAAA==',
};
const server = await AnsweringServer.open();
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.requests = [];
});

function adapterOf(): GcpStorageAdapter {
  return new GcpStorageAdapter({
    bucket: 'b',
    endpoint: server.address,
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    transfer: { partSizeBytes: 262_144 },
  });
}

function json(value: unknown, status = 200): CannedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function listing(fields: object): CannedAnswer {
  return json({ kind: 'storage#objects', ...fields });
}

async function listAll(adapter: GcpStorageAdapter, options = {}): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of adapter.list(options)) keys.push(...page.objects.map((object) => object.key));
  return keys;
}

async function readAll(adapter: GcpStorageAdapter, options: object = {}): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key, options);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('a listing is an error where it', () => {
  const { generation: _generation, ...stateless } = resource;
  const { size: _size, ...sizeless } = resource;
  test.each([
    ['leads back to the same page', listing({ items: [], nextPageToken: 't' }), {}, /the same page again/],
    ['has a token that is none', listing({ items: [resource], nextPageToken: 5 }), {}, /readable token/],
    ['has no list', listing({ items: resource }), {}, /list of objects/],
    ['has an entry that is none', listing({ items: [null] }), {}, /no object/],
    ['has an entry without a generation', listing({ items: [stateless] }), {}, /no generation/],
    [
      'has an entry with a generation that is none',
      listing({ items: [{ ...resource, generation: 'x' }] }),
      {},
      /the etag "x"/,
    ],
    ['has an entry without a size', listing({ items: [sizeless] }), {}, /no size/],
    ['has an entry of a negative size', listing({ items: [{ ...resource, size: '-7' }] }), {}, /-7 bytes/],
    ['has a folder without a name', listing({ prefixes: [null] }), {}, /list of names/],
    ['is out of order', listing({ items: [{ ...resource, name: 'b' }, resource] }), {}, /out of order/],
    ['is of another prefix', listing({ items: [resource] }), { prefix: 'b' }, /was not asked for/],
    ['is cut', { ...listing({ items: [resource] }), cutAfterBytes: 30 }, {}, /connection broke|JSON/],
  ] as readonly (readonly [string, CannedAnswer, object, RegExp])[])(
    '%s',
    async (...[, answer, options, message]) => {
      server.answer = () => answer;
      await using adapter = adapterOf();
      const error = await failureOf(listAll(adapter, options));
      expect(error.message, inspect(error)).toMatch(message);
    },
  );
});

describe('an object is an error where its answer', () => {
  const headers = { 'x-goog-generation': '17', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' };
  const ranged = { ...headers, 'content-range': 'bytes 0-6/7' };
  test.each([
    [
      'has no generation',
      { status: 206, headers: { 'content-range': 'bytes 0-6/7' }, body: bytes },
      {},
      /no generation/,
    ],
    ['has no length', { status: 200, headers, body: bytes, isSilentAfter: true }, {}, /no length/],
    [
      'has a range beyond its size',
      { status: 206, headers: { ...headers, 'content-range': 'bytes 0-6/5' }, body: bytes },
      {},
      /bytes 0 to 7 of an object of 5/,
    ],
    [
      'is of another state',
      { status: 206, headers: ranged, body: bytes },
      { ifMatch: '18' },
      /another state/,
    ],
  ] as readonly (readonly [string, CannedAnswer, object, RegExp])[])(
    '%s',
    async (...[, answer, options, message]) => {
      server.answer = () => answer;
      await using adapter = adapterOf();
      const error = await failureOf(readAll(adapter, options));
      expect(error.message, inspect(error)).toMatch(message);
    },
  );
});

describe('a write is an error where its answer', () => {
  test.each([
    ['has no checksum', { ...resource, crc32c: undefined }, 'invalid-configuration'],
    ['has another checksum', resource, 'checksum-mismatch'],
    ['has another size', { ...resource, size: '6' }, 'checksum-mismatch'],
  ])('%s, and what was stored is removed', async (_how, made, code) => {
    server.answer = ({ method }) => (method === 'DELETE' ? { status: 204 } : json(made));
    await using adapter = adapterOf();
    expect(await failureOf(adapter.put(key, bytes))).toMatchObject({ code });
    expect(server.requests.at(-1)).toMatch(/^DELETE .*ifGenerationMatch=17/);
  });

  test('says that more was taken than was sent', async () => {
    server.answer = ({ method }) => {
      if (method === 'POST') return { status: 200, headers: { location: `${server.address}/upload` } };
      return method === 'PUT' ? { status: 308, headers: { range: 'bytes=0-99999999' } } : { status: 204 };
    };
    await using adapter = adapterOf();
    const error = await failureOf(adapter.put(key, Buffer.alloc(3_000_000)));
    expect(error.message).toContain('has 100000000 bytes of an upload');
  });

  test('is of a copy that is not whole', async () => {
    server.answer = ({ method }) =>
      json(method === 'POST' ? { done: true, resource: { ...resource, size: '6' } } : resource);
    await using adapter = adapterOf();
    const error = await failureOf(adapter.copy(key, parseObjectKey('other')));
    expect(error.message).toContain('copied 6 of 7 bytes');
  });
});

test('a deletion is an error where its answer is a page', async () => {
  server.answer = () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>Sign in</html>',
  });
  await using adapter = adapterOf();
  expect(await adapter.delete([{ key }])).toMatchObject([{ error: { code: 'invalid-configuration' } }]);
});
