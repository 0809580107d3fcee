import type { RedisStorageAdapter } from '@holdfast/adapter-redis';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { redis } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { RedisTestServer } from './redis-test-server.ts';

const server = await RedisTestServer.open(redis);
const other = await RedisTestServer.open(redis);
const key = parseObjectKey('model');
const large = Buffer.alloc(3_000_000, 'x');
const quick = { retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 } };

describe.skipIf(server === undefined || other === undefined)('a real server', () => {
  if (server === undefined || other === undefined) return;

  test('that asks for a password tells none, a wrong one and one that may not enough apart', async () => {
    const prefix = server.newPrefix();
    await server.client.acl('SETUSER', 'reader', 'on', '>right', `~{${prefix}}:*`, '+@read', '+info');
    await server.client.acl('SETUSER', 'default', 'resetpass', '>planted');
    try {
      const as = (username: string, password: string): RedisStorageAdapter =>
        server.adapter({ prefix, ...quick, credentials: async () => ({ username, password }) });
      await using nobody = server.adapter({ prefix, ...quick });
      expect(await failureOf(nobody.head(key))).toMatchObject({ code: 'unauthenticated' });
      await using wrong = as('reader', 'wrong');
      expect(await failureOf(wrong.head(key))).toMatchObject({ code: 'unauthenticated' });
      await using reader = as('reader', 'right');
      expect(await reader.head(key)).toBeUndefined();
      expect(await failureOf(reader.put(key, large))).toMatchObject({ code: 'permission-denied' });
      await using known = as('default', 'planted');
      await known.put(key, large);
    } finally {
      await server.client.call('ACL', 'SETUSER', 'default', 'nopass');
    }
  });

  test('that is full keeps nothing of what it refuses, and lets go of what is deleted', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix, keep: { replacedMs: 0 }, ...quick });
    await adapter.put(key, large);
    const before = await server.keysOf(prefix);
    const used = /used_memory:(\d+)/.exec(await server.client.info('memory'))?.[1];
    await server.client.config('SET', 'maxmemory', Number(used) + 4_000_000);
    try {
      const [another, small] = [parseObjectKey('other'), parseObjectKey('small')];
      const put = await failureOf(adapter.put(another, Buffer.alloc(20_000_000)));
      expect(put).toMatchObject({ code: 'quota-exceeded', retry: 'never' });
      await server.client.config('SET', 'maxmemory', 1);
      for (const work of [adapter.put(small, Buffer.from('x')), adapter.copy(key, another)]) {
        expect(await failureOf(work)).toMatchObject({ code: 'quota-exceeded' });
      }
      expect((await server.keysOf(prefix)).toSorted()).toEqual(before.toSorted());
      expect(await adapter.delete([{ key }, { key: another }])).toMatchObject([
        { outcome: 'deleted' },
        { outcome: 'absent' },
      ]);
      expect(await server.keysOf(prefix)).toEqual([]);
    } finally {
      await server.client.config('SET', 'maxmemory', 0);
    }
  });

  test('that is a replica is no store to write to', async () => {
    const { hostname, port } = new URL(server.url);
    await other.client.replicaof(hostname, port);
    try {
      await using adapter = other.adapter({ prefix: other.newPrefix(), ...quick });
      await expect
        .poll(() => other.client.info('replication'), { timeout: 25_000 })
        .toContain('master_link_status:up');
      expect(await failureOf(adapter.put(key, Buffer.from('x')))).toMatchObject({
        code: 'unavailable',
        retry: 'exhausted',
      });
      const check = await failureOf(adapter.check());
      expect(check.message).toContain('replica');
      expect(check.hint).toContain('primary');
    } finally {
      await other.client.replicaof('NO', 'ONE');
    }
  });

  test('is checked for what would lose objects', async () => {
    const prefix = server.newPrefix();
    await using lasting = server.adapter({ prefix, durability: 'appendonly' });
    const volatile = await failureOf(lasting.check());
    expect(volatile).toMatchObject({ code: 'invalid-configuration' });
    expect(volatile.hint).toMatch(/appendonly yes.*durability: none/);
    await using passing = server.adapter({ prefix });
    await passing.check({ write: true });
    try {
      await server.client.config('SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru');
      const evicting = await failureOf(passing.check());
      expect(evicting).toMatchObject({ code: 'invalid-configuration' });
      expect(evicting.hint).toContain('noeviction');
      await server.client.config('SET', 'maxmemory-policy', 'noeviction', 'appendonly', 'yes');
      await lasting.check({ write: true });
    } finally {
      await server.client.config('SET', 'maxmemory', 0, 'maxmemory-policy', 'noeviction', 'appendonly', 'no');
    }
  });

  test('is written to only when it keeps what it acknowledges', async () => {
    const prefix = server.newPrefix();
    await using lasting = server.adapter({ prefix, durability: 'appendonly' });
    await using passing = server.adapter({ prefix });
    const copied = parseObjectKey('other');
    await passing.put(key, Buffer.from('x'));
    const writes = [
      () => lasting.put(key, Buffer.from('y')),
      () => lasting.copy(key, copied),
      () => lasting.transaction([{ kind: 'put', key: copied, body: Buffer.from('z') }]),
    ];
    for (const write of writes) {
      const refused = await failureOf(write());
      expect(refused).toMatchObject({ code: 'invalid-configuration' });
      expect(refused.hint).toMatch(/appendonly yes.*durability: none/);
    }
    expect(await lasting.head(copied)).toBeUndefined();
    try {
      await server.client.config('SET', 'appendonly', 'yes');
      for (const write of writes) await write();
    } finally {
      await server.client.config('SET', 'appendonly', 'no');
    }
    await lasting.put(key, Buffer.from('asked once'));
  });

  test('whose keys of a store were tampered with makes no reader believe it', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix });
    const { etag } = await adapter.put(key, large);
    const [chunk = ''] = (await server.keysOf(prefix)).filter((name) => name.includes(':data:'));
    await server.client.unlink(chunk);
    expect(await failureOf(bytesOf(adapter))).toMatchObject({ code: 'corrupt' });
    await server.client.hset(`{${prefix}}:object:model`, 'info', '{"layout":2}');
    expect(await failureOf(adapter.head(key))).toMatchObject({ code: 'unsupported' });
    await server.client.hset(`{${prefix}}:object:model`, 'info', 'no description');
    expect(await failureOf(adapter.head(key))).toMatchObject({ code: 'corrupt' });
    await adapter.put(key, large, { mode: { ifMatch: etag } });
    expect(await bytesOf(adapter)).toBe(large.byteLength);
    await server.client.set(`{${prefix}}:object:other`, 'a text');
    expect(await failureOf(adapter.head(parseObjectKey('other')))).toMatchObject({ code: 'corrupt' });
  });
});

describe.skipIf(server === undefined)('bytes that no object names', () => {
  if (server === undefined) return;

  test('of a replaced object go at once where nobody is to read them', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix, keep: { replacedMs: 0 } });
    await adapter.put(key, large);
    const reader = await adapter.get(key);
    await adapter.put(key, Buffer.from('new'));
    const failure = failureOf(drain(reader?.body));
    expect(await failure).toMatchObject({ code: 'precondition-failed' });
    expect((await failure).hint).toContain('replacedMs');
    expect(await server.expiringChunks(prefix)).toEqual([]);
  });

  test('of a slow write are kept for longer than they would live alone', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix, keep: { stagedMs: 1_000 } });
    const gate = Promise.withResolvers<void>();
    const put = adapter.put(
      key,
      (async function* () {
        yield large;
        await gate.promise;
        yield large;
      })(),
    );
    await expect.poll(() => server.expiringChunks(prefix)).not.toEqual([]);
    const [chunk = ''] = await server.expiringChunks(prefix);
    let [least, renewals] = [await server.client.pttl(chunk), 0];
    await expect
      .poll(
        async () => {
          const left = await server.client.pttl(chunk);
          if (left > least) renewals++;
          least = left;
          return renewals;
        },
        { timeout: 10_000, interval: 20 },
      )
      .toBeGreaterThan(3);
    gate.resolve();
    await put;
    expect(await server.expiringChunks(prefix)).toEqual([]);
    expect(await bytesOf(adapter)).toBe(2 * large.byteLength);
  });

  test('that were lost before a commit are told, and nothing is written', async () => {
    const prefix = server.newPrefix();
    await using adapter = server.adapter({ prefix });
    const late = async (): Promise<typeof key> => {
      for (const chunk of await server.expiringChunks(prefix)) await server.client.unlink(chunk);
      return key;
    };
    expect(await failureOf(adapter.put(late, large))).toMatchObject({
      code: 'unavailable',
      retry: 'temporary',
    });
    expect(await server.keysOf(prefix)).toEqual([]);
  });
});

async function bytesOf(adapter: RedisStorageAdapter): Promise<number> {
  return drain((await adapter.get(key))?.body);
}

async function drain(body: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of body ?? []) sizeBytes += chunk.byteLength;
  return sizeBytes;
}
