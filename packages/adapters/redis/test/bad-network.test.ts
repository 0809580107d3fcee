import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { redis, withServer } from '@holdfast/tooling-services';
import { afterAll, beforeAll } from 'vitest';
import { RedisTestServer } from './redis-test-server.ts';

const opened = await RedisTestServer.open(redis);
const attempts = 3;
const username = 'planted-user';
const password = 'planted-password-0123456789';

withServer(opened, (server) => {
  beforeAll(() => server.client.acl('SETUSER', username, 'on', `>${password}`, '~*', '&*', '+@all'));
  afterAll(() => server.client.acl('DELUSER', username));

  describeBadNetwork('RedisStorageAdapter', {
    openStore: async () => {
      const network = await FaultProxy.open(server.url);
      const prefix = server.newPrefix();
      const adapter = server.adapter({
        prefix,
        keep: { replacedMs: 0 },
        url: network.address,
        credentials: async () => ({ username, password }),
        timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
      });
      const direct = server.adapter({ prefix, keep: { replacedMs: 0 } });
      return {
        network,
        adapter,
        direct,
        unfinishedUploads: async () => (await server.expiringChunks(prefix)).length,
      };
    },
    writingMethods: ['EVALSHA', 'EVAL'],
    largeBytes: 3 * 524_288 + 100_000,
    secrets: [username, password],
    attempts,
  });
});
