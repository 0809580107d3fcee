import { parseObjectKey } from '@holdfast/domain';
import { redisCluster } from '@holdfast/tooling-services';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { RedisTestServer } from './redis-test-server.ts';

const server = await RedisTestServer.open(redisCluster, { isCluster: true });
const key = parseObjectKey('model');
const bytes = Buffer.alloc(1_500_000, 'x');

interface Node {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly client: Redis;
}

describe.skipIf(server === undefined)('a cluster', () => {
  if (server === undefined) return;

  test('has every store with one node, and stores with different ones', async () => {
    const owners = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const prefix = server.newPrefix();
      await using adapter = server.adapter({ prefix });
      await adapter.put(key, bytes);
      expect(await sizeOf(adapter)).toBe(bytes.byteLength);
      owners.add((await nodesOf(prefix)).owner.id);
      await server.remove(prefix);
    }
    expect(owners.size).toBeGreaterThan(1);
  });

  test('is reached by any node that answers', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix, url: ['redis://127.0.0.1:1', server.url] });
    await adapter.put(key, bytes);
    expect(await sizeOf(adapter)).toBe(bytes.byteLength);
    await adapter.check({ write: true });
    await server.remove(prefix);
  });

  test('may move a store to another node while it is used', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({
      prefix,
      retry: { baseDelayMs: 10, maximumDelayMs: 50, attempts: 200 },
    });
    await adapter.put(key, bytes);
    const { owner, others, slot } = await nodesOf(prefix);
    const [other] = others;
    if (other === undefined) throw new Error('the cluster has one node');
    await other.client.cluster('SETSLOT', slot, 'IMPORTING', owner.id);
    await owner.client.cluster('SETSLOT', slot, 'MIGRATING', other.id);
    const names = await server.keysOf(prefix);
    const half = Math.ceil(names.length / 2);
    await move(owner, other, names.slice(0, half));
    const used = Promise.all([sizeOf(adapter), adapter.put(parseObjectKey('other'), bytes)]);
    await move(owner, other, await keysIn(owner, slot));
    for (const node of [other, owner]) await node.client.cluster('SETSLOT', slot, 'NODE', other.id);
    const [sizeBytes] = await used;
    expect(sizeBytes).toBe(bytes.byteLength);
    expect(await sizeOf(adapter)).toBe(bytes.byteLength);
    expect(await keysIn(owner, slot)).toEqual([]);
    for (const { client } of [owner, ...others]) client.disconnect();
  });

  test('does nothing of a transaction that meets bytes which have moved already', async () => {
    const prefix = server.newPrefix();
    const first = parseObjectKey('first');
    await using adapter = server.adapter({ prefix, retry: { attempts: 1 } });
    const before = [await adapter.put(first, Buffer.from('old')), await adapter.put(key, bytes)];
    const { owner, others, slot } = await nodesOf(prefix);
    const [other] = others;
    if (other === undefined) throw new Error('the cluster has one node');
    await other.client.cluster('SETSLOT', slot, 'IMPORTING', owner.id);
    await owner.client.cluster('SETSLOT', slot, 'MIGRATING', other.id);
    const [chunk = ''] = (await keysIn(owner, slot)).filter((name) => name.includes(':data:'));
    await move(owner, other, [chunk]);
    const steps = [first, key].map((one) => ({ kind: 'put', key: one, body: Buffer.from('new') }) as const);
    await expect(adapter.transaction(steps)).rejects.toMatchObject({ code: 'unavailable' });
    const removed = await adapter.delete([{ key }]);
    expect(removed).toMatchObject([{ error: { code: 'unavailable' } }]);
    expect([await adapter.head(first), await adapter.head(key)]).toEqual(before);
    await move(owner, other, await keysIn(owner, slot));
    for (const node of [other, owner]) await node.client.cluster('SETSLOT', slot, 'NODE', other.id);
    await adapter.transaction(steps);
    for (const { client } of [owner, ...others]) client.disconnect();
  });

  test('tells that nobody has the slot of a store', async () => {
    const prefix = server.newPrefix();
    const { owner, others, slot } = await nodesOf(prefix);
    for (const { client } of [owner, ...others]) await client.cluster('DELSLOTS', slot);
    try {
      await using adapter = server.adapter({ prefix, retry: { attempts: 2, baseDelayMs: 1 } });
      await expect(adapter.head(key)).rejects.toMatchObject({ code: 'unavailable', retry: 'exhausted' });
    } finally {
      await owner.client.cluster('ADDSLOTS', slot);
      for (const { client } of [owner, ...others]) client.disconnect();
    }
  });

  test('has the room of a store where its node has it', async () => {
    const prefixes = Array.from({ length: 8 }, () => server.newPrefix());
    const owners = new Set<string>();
    for (const prefix of prefixes) {
      const { owner, others } = await nodesOf(prefix);
      owners.add(owner.id);
      try {
        await owner.client.config('SET', 'maxmemory', 2 ** 30);
        for (const { client } of others) await client.config('SET', 'maxmemory', 2 ** 31);
        await using adapter = server.adapter({ prefix });
        expect((await adapter.space())?.totalBytes).toBe(2 ** 30);
      } finally {
        for (const { client } of [owner, ...others]) {
          await client.config('SET', 'maxmemory', 0);
          client.disconnect();
        }
      }
    }
    expect(owners.size).toBeGreaterThan(1);
  });

  test('has no databases', async () => {
    await using adapter = server.adapter({ prefix: server.newPrefix(), url: `${server.url}/3` });
    await expect(adapter.head(key)).rejects.toMatchObject({
      code: 'invalid-configuration',
      hint: expect.stringContaining('cluster') as string,
    });
  });

  async function nodesOf(prefix: string): Promise<{ owner: Node; others: readonly Node[]; slot: number }> {
    const slot = await server?.client.cluster('KEYSLOT', `{${prefix}}`);
    const slots = (await server?.client.cluster('SLOTS')) ?? [];
    const nodes = new Map<string, Node>();
    let ownerId = '';
    for (const [first, last, [host, port, id] = ['', 0, '']] of slots) {
      if (!nodes.has(id))
        nodes.set(id, { id, host, port, client: new Redis(port, host, { lazyConnect: true }) });
      if (Number(slot) >= first && Number(slot) <= last) ownerId = id;
    }
    const owner = nodes.get(ownerId);
    if (owner === undefined) throw new Error('nobody has the slot');
    return { owner, others: [...nodes.values()].filter(({ id }) => id !== ownerId), slot: Number(slot) };
  }
});

async function sizeOf(adapter: ReturnType<RedisTestServer['adapter']>): Promise<number> {
  const reader = await adapter.get(key);
  let sizeBytes = 0;
  for await (const chunk of reader?.body ?? []) sizeBytes += chunk.byteLength;
  return sizeBytes;
}

async function keysIn({ client }: Node, slot: number): Promise<readonly string[]> {
  return client.cluster('GETKEYSINSLOT', slot, 1_000);
}

async function move(from: Node, { host, port }: Node, names: readonly string[]): Promise<void> {
  for (const name of names) await from.client.migrate(host, port, name, 0, 5_000);
}
