import { describeStorageAdapter } from '@holdfast/conformance';
import { redis, redisCluster } from '@holdfast/tooling-services';
import { RedisTestServer } from './redis-test-server.ts';

const servers = [
  ['alone', await RedisTestServer.open(redis)],
  ['in a cluster', await RedisTestServer.open(redisCluster, { isCluster: true })],
] as const;

for (const [where, server] of servers) {
  if (server === undefined) continue;
  describeStorageAdapter(`RedisStorageAdapter on a server ${where}`, {
    capabilities: server.adapter({ prefix: 'any' }).capabilities,
    createStore: () => {
      const prefix = server.newPrefix();
      return { open: () => server.adapter({ prefix }), remove: () => server.remove(prefix) };
    },
    openMissing: () => server.adapter({ prefix: 'any', url: 'redis://127.0.0.1:1', retry: { attempts: 2 } }),
    borderSizesBytes: [65_536, 524_288, 1_048_576],
    caseTimeoutMs: 60_000,
  });
}
