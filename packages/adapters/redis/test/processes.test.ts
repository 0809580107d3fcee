import { parseObjectKey } from '@holdfast/domain';
import { redis, redisCluster, ScriptProcess } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { RedisTestServer } from './redis-test-server.ts';

const processCount = 8;
const incrementsEach = 25;

const servers = [
  ['a server alone', await RedisTestServer.open(redis)],
  ['a cluster', await RedisTestServer.open(redisCluster, { isCluster: true })],
] as const;

describe.each(servers)('processes beside each other on %s', (_name, server) => {
  if (server === undefined) return;

  test.each([
    ['bytes in the record', 0],
    ['bytes in chunks', 70_000],
  ])('lose no increment of eight: %s', { timeout: 60_000 }, async (_where, paddingBytes) => {
    const prefix = server.newPrefix();
    const parameters = [server.url, prefix, String(incrementsEach), String(paddingBytes)];
    const script = new URL('increment.ts', import.meta.url);
    const ended = await Promise.all(
      Array.from({ length: processCount }, () => new ScriptProcess(script, parameters).ended),
    );
    expect(ended).toEqual(ended.map(() => ({ exitCode: 0, output: '', errors: '' })));

    await using adapter = server.adapter({ prefix });
    await using reader = await adapter.get(parseObjectKey('counter'));
    const chunks: Buffer[] = [];
    for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
    expect(Number(Buffer.concat(chunks).toString())).toBe(processCount * incrementsEach);
    await server.remove(prefix);
  });

  test('leave nothing that stays when one is killed while it writes', { timeout: 60_000 }, async () => {
    const prefix = server.newPrefix();
    const key = parseObjectKey('model');
    await using adapter = server.adapter({ prefix });
    const before = await adapter.put(key, Buffer.alloc(1_000_000, 'x'));
    const keys = await server.keysOf(prefix);
    const writer = new ScriptProcess(new URL('write-forever.ts', import.meta.url), [server.url, prefix]);
    await expect
      .poll(async () => (await server.expiringChunks(prefix)).length, { timeout: 20_000 })
      .toBeGreaterThan(5);
    await writer.kill();
    expect(await adapter.head(key)).toEqual(before);
    await expect
      .poll(async () => (await server.keysOf(prefix)).toSorted(), { timeout: 20_000 })
      .toEqual(keys.toSorted());
    await server.remove(prefix);
  });
});
