import { RequestFailureError } from '@holdfast/adapter-kit';
import { parseObjectKey } from '@holdfast/domain';
import type { GetOptions } from '@holdfast/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer } from './fake-cloud.ts';

const key = parseObjectKey('model');
const forever: GetOptions = { isImmutable: true };
const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

const cutsOfAnswers = fc.array(fc.tuple(fc.nat(200_000), fc.boolean()), { maxLength: 6 });

async function read(adapter: FakeCloudAdapter, options?: GetOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await adapter.get(key, options))?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* cut(
  body: AsyncIterable<Uint8Array>,
  afterBytes: number,
  failure?: Error,
): AsyncGenerator<Uint8Array> {
  let left = afterBytes;
  for await (const chunk of body) {
    if (left <= chunk.byteLength) {
      yield chunk.subarray(0, left);
      if (failure !== undefined) throw failure;
      return;
    }
    left -= chunk.byteLength;
    yield chunk;
  }
}

test('reads on wherever a body breaks or ends too early', async () => {
  await fc.assert(
    fc.asyncProperty(cutsOfAnswers, fc.boolean(), async (cuts, isImmutable) => {
      const server = new FakeServer();
      await using adapter = new FakeCloudAdapter(new FakeCloud(server));
      await adapter.put(key, bytes);
      server.spoil = (body) => {
        const [afterBytes, isLoud] = cuts.shift() ?? [Number.MAX_SAFE_INTEGER, false];
        return cut(
          body,
          afterBytes,
          isLoud ? Object.assign(new Error('reset'), { code: 'ECONNRESET' }) : undefined,
        );
      };
      expect((await read(adapter, { isImmutable })).equals(bytes)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('takes nothing amiss that breaks after the last byte', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, bytes);
  server.spoil = (body) =>
    cut(body, bytes.byteLength, Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  expect((await read(adapter)).equals(bytes)).toBe(true);
});

test('gives up on a body that brings nothing any more', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, bytes);
  server.spoil = (body) => cut(body, 0);
  await expect(read(adapter)).rejects.toMatchObject({
    code: 'unavailable',
    retry: 'exhausted',
    attempts: 10,
  });
});

test('refuses a body that is longer than it was said to be', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, bytes);
  server.spoil = async function* (body) {
    yield* body;
    yield Buffer.from('more');
  };
  await expect(read(adapter)).rejects.toMatchObject({ code: 'corrupt' });
});

test('takes silence for a failure, and reads on', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server), { timeouts: { idleMs: 20 } });
  await adapter.put(key, bytes);
  let isFirst = true;
  server.spoil = async function* (body) {
    const isSilent = isFirst;
    isFirst = false;
    for await (const chunk of body) {
      yield chunk;
      if (isSilent) await new Promise(() => undefined);
    }
  };
  expect((await read(adapter)).equals(bytes)).toBe(true);
});

test.each([{}, forever])('never mixes two states, asked with %o', async (options) => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, bytes);
  server.spoil = (body) => cut(body, 100_000, new RequestFailureError(broken));
  const reader = await adapter.get(key, options);
  await adapter.put(key, Buffer.alloc(bytes.byteLength));
  const reading = (async () => {
    for await (const chunk of reader?.body ?? [])
      expect(chunk.includes(0) || chunk.byteLength > 0).toBe(true);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'precondition-failed' });
});

/** Counts the answers of a server, and how many are under way. */
class AnswerCounter {
  count = 0;
  underWay = 0;
  most = 0;

  readonly spoil = async function* (this: AnswerCounter, body: AsyncIterable<Uint8Array>) {
    this.count++;
    this.most = Math.max(this.most, ++this.underWay);
    try {
      for await (const chunk of body) {
        await new Promise(setImmediate);
        yield chunk;
      }
    } finally {
      this.underWay--;
    }
  }.bind(this);
}

test('fetches what never changes in parts, several at once', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  const long = Buffer.from(Array.from({ length: 1_050_000 }, (_, index) => index % 241));
  await adapter.put(key, long);
  const answers = new AnswerCounter();
  server.spoil = answers.spoil;
  expect((await read(adapter, forever)).equals(long)).toBe(true);
  expect(answers).toMatchObject({ count: 11, most: 4, underWay: 0 });
  const range = { offset: 50_001, length: 250_000 };
  expect((await read(adapter, { ...forever, range })).equals(long.subarray(50_001, 300_001))).toBe(true);
  expect(answers).toMatchObject({ count: 14, underWay: 0 });
});

test('fetches what is short, or may change, by one request', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  const answers = new AnswerCounter();
  server.spoil = answers.spoil;
  await adapter.put(key, bytes);
  expect((await read(adapter)).equals(bytes)).toBe(true);
  await adapter.put(key, bytes.subarray(0, 100_000));
  expect((await read(adapter, forever)).byteLength).toBe(100_000);
  expect(answers).toMatchObject({ count: 2, underWay: 0 });
});

test('leaves nothing open when the reader of many parts leaves', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, Buffer.alloc(1_000_000));
  const answers = new AnswerCounter();
  server.spoil = answers.spoil;
  await using reader = await adapter.get(key, forever);
  for await (const chunk of reader?.body ?? []) if (chunk.byteLength > 0) break;
  await reader?.[Symbol.asyncDispose]();
  const { length } = server.requests;
  await expect.poll(() => answers.underWay).toBe(0);
  expect(server.requests.length).toBe(length);
});

const broken = { code: 'unavailable', what: 'broken', isTemporary: true, mayHaveHappened: true } as const;
