import { parseObjectKey, utcTimestamp } from '@holdfast/domain';
import { redis } from '@holdfast/tooling-services';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { RedisConnections } from '../src/connection/redis-connections.ts';
import { resolveRedisOptions } from '../src/resolve-redis-options.ts';
import type { CommitStep } from '../src/store/commit-step.ts';
import { RedisStore } from '../src/store/redis-store.ts';
import { RedisTestServer } from './redis-test-server.ts';

const server = await RedisTestServer.open(redis);
const key = parseObjectKey('model');
const { signal } = new AbortController();
const chunk = { number: 0, bytes: Buffer.from('bytes') };
const data = { id: 'data', chunkCount: 1 };
const context = { operation: 'get', backend: 'redis' } as const;

function put(etag: string): CommitStep {
  const info = {
    key,
    etag,
    sizeBytes: 5,
    checksum: `sha256:${'0'.repeat(64)}` as never,
    metadata: {},
    lastModified: utcTimestamp(0),
  };
  return { kind: 'put', key, mode: 'overwrite', info, bytes: { kind: 'chunks', data }, chunkBytes: 5 };
}

describe.skipIf(server === undefined)('a request that arrives late', () => {
  if (server === undefined) return;
  let connections: RedisConnections;
  let store: RedisStore;
  let prefix: string;

  beforeEach(async () => {
    await connections?.close();
    prefix = server.newPrefix();
    const options = resolveRedisOptions({ url: server.url, prefix });
    connections = new RedisConnections(options);
    store = new RedisStore(connections, options);
    await store.stageChunk('data', chunk, signal);
  });
  afterAll(() => connections?.close());

  async function expectToStay(): Promise<void> {
    expect(await server?.expiringChunks(prefix)).toEqual([]);
    const read = await store.readChunk(data, { number: 0, offset: 0, length: 5 }, signal);
    expect(String(read)).toBe('bytes');
  }

  test('does not make committed bytes expire, nor change them', async () => {
    await store.commit([put('first')], { id: 'one', isMarked: false }, signal);
    await store.stageChunk('data', { ...chunk, bytes: Buffer.from('other') }, signal);
    await expectToStay();
    await store.copyChunks('data', 'data', { first: 0, last: 0, signal });
    await store.renew(data, signal);
    await expectToStay();
    await store.discard(data, signal);
    await expectToStay();
  });

  test('does not bring back what was replaced after its repetition', async () => {
    const first = { id: 'one', isMarked: false };
    expect(await store.commit([put('first')], { ...first, isMarked: true }, signal)).toMatchObject({
      kind: 'done',
    });
    await store.commit([put('second')], { id: 'two', isMarked: false }, signal);
    expect(await store.commit([put('first')], first, signal)).toEqual({ kind: 'repeated' });
    expect((await store.head(key, context, signal))?.info.etag).toBe('second');
  });

  test('does not delete what was made anew after its repetition', async () => {
    const step: CommitStep = { kind: 'delete', key, ifMatch: undefined, mayBeAbsent: true };
    await store.commit([put('first')], { id: 'one', isMarked: false }, signal);
    await store.commit([step], { id: 'delete', isMarked: true }, signal);
    await store.commit([put('second')], { id: 'two', isMarked: false }, signal);
    await store.commit([step], { id: 'delete', isMarked: false }, signal);
    expect((await store.head(key, context, signal))?.info.etag).toBe('second');
  });
});
