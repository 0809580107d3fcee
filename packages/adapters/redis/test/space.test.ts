import { redis } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { memorySpace } from '../src/memory-space.ts';
import { RedisTestServer } from './redis-test-server.ts';

const server = await RedisTestServer.open(redis);

describe.skipIf(server === undefined)('the room of a store in Redis', () => {
  test('is what is left below the limit of the server, where it has one', async () => {
    if (server === undefined) return;
    await using adapter = server.adapter({ prefix: server.newPrefix() });
    expect(await adapter.space()).toBeUndefined();
    await server.client.config('SET', 'maxmemory', 2 ** 30);
    try {
      const space = await adapter.space();
      expect(space?.totalBytes).toBe(2 ** 30);
      expect(space?.freeBytes).toBeGreaterThan(0);
      expect(space?.freeBytes).toBeLessThan(2 ** 30);
      await server.client.config('SET', 'maxmemory', 1);
      expect(await adapter.space()).toEqual({ freeBytes: 0, totalBytes: 1 });
    } finally {
      await server.client.config('SET', 'maxmemory', 0);
    }
  });

  test('leaves out what a server does not count against its limit', () => {
    const facts = { maxmemory: '1000', used_memory: '700', mem_not_counted_for_evict: '200' };
    expect(memorySpace(new Map(Object.entries(facts)))).toEqual({ freeBytes: 500, totalBytes: 1_000 });
    expect(memorySpace(new Map([['maxmemory', '1000']]))).toBeUndefined();
  });
});
