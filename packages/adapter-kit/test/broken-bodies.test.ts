import { CloudFailureError } from '@holdfast/adapter-kit';
import { parseObjectKey } from '@holdfast/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer } from './fake-cloud.ts';

const key = parseObjectKey('model');
const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

async function read(adapter: FakeCloudAdapter): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await adapter.get(key))?.body ?? []) chunks.push(Buffer.from(chunk));
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
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(200_000), fc.boolean()), { maxLength: 6 }), async (cuts) => {
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
      expect((await read(adapter)).equals(bytes)).toBe(true);
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

test('never mixes two states', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  await adapter.put(key, bytes);
  server.spoil = (body) => cut(body, 100_000, new CloudFailureError(broken));
  const reader = await adapter.get(key);
  await adapter.put(key, Buffer.alloc(bytes.byteLength));
  const reading = (async () => {
    for await (const chunk of reader?.body ?? [])
      expect(chunk.includes(0) || chunk.byteLength > 0).toBe(true);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'precondition-failed' });
});

const broken = { code: 'unavailable', what: 'broken', isTemporary: true, mayHaveHappened: true } as const;
