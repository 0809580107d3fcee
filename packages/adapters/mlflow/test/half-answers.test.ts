import { inspect } from 'node:util';
import { MLflowStorageAdapter } from '@holdfast/adapter-mlflow';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { AnsweringServer, type CannedAnswer } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
const bytes = Buffer.from('weights');
const server = await AnsweringServer.open();
afterAll(() => server[Symbol.asyncDispose]());

function adapterOf(): MLflowStorageAdapter {
  return new MLflowStorageAdapter({
    endpoint: server.address,
    prefix: 'p',
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
  });
}

function artifact(changes: Readonly<Record<string, string>>, body: Uint8Array = bytes): CannedAnswer {
  return { status: 206, headers: { etag: '"17-7"', 'content-range': 'bytes 0-6/7', ...changes }, body };
}

function json(value: unknown): CannedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

async function readAll(adapter: MLflowStorageAdapter): Promise<void> {
  const reader = await adapter.get(key);
  for await (const chunk of reader?.body ?? []) expect(chunk).toBeDefined();
}

describe('an artifact is an error where its answer', () => {
  test.each([
    ['has an empty etag', artifact({ etag: '""' }), /no etag/],
    ['has a range beyond its size', artifact({ 'content-range': 'bytes 0-6/5' }), /readable range/],
    ['has a range that is none', artifact({ 'content-range': 'bytes */7' }), /readable range/],
  ] as const)('%s', async (_how, answer, message) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    for (const work of [() => readAll(adapter), () => adapter.head(key)])
      expect((await failureOf(work())).message).toMatch(message);
  });
});

describe('a listing is an error where it', () => {
  test.each([
    ['is no object', json([])],
    ['has entries that are none', json({ files: [null] })],
    ['has no list', json({ files: {} })],
    ['is cut', { ...json({ files: [{ path: 'model', is_dir: false }] }), cutAfterBytes: 12 }],
  ])('%s', async (_how, answer) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    const works = Array.fromAsync(adapter.list());
    expect((await failureOf(works)).code).toMatch(/invalid-configuration|unavailable/);
  });
});

test('an upload of which less is there afterwards is an error', async () => {
  server.answer = ({ method }) =>
    method === 'PUT' ? json({}) : artifact({ 'content-range': 'bytes 0-3/4' }, bytes.subarray(0, 4));
  await using adapter = adapterOf();
  const error = await failureOf(adapter.put(key, bytes));
  expect(error).toMatchObject({ code: 'indeterminate' });
  expect(error.message).toContain('4 of 7 bytes are there');
});

test('a deletion whose answer is a page is an error', async () => {
  server.answer = ({ method }) =>
    method === 'DELETE'
      ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }
      : artifact({});
  await using adapter = adapterOf();
  const [result] = await adapter.delete([{ key }]);
  expect(result, inspect(result)).toMatchObject({ error: { code: 'invalid-configuration' } });
});
