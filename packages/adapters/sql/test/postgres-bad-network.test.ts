import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { postgresTestUser, withServer } from '@holdfast/tooling-services';
import { PostgresTestServer } from './postgres-test-server.ts';

const opened = await PostgresTestServer.open();
const attempts = 3;

withServer(opened, (server) => {
  describeBadNetwork('DatabaseStorageAdapter on PostgreSQL', {
    openStore: async () => {
      const network = await FaultProxy.open(server.url);
      const schema = server.newSchema();
      const url = new URL(server.url);
      url.port = new URL(network.address).port;
      const adapter = server.adapter({
        url: url.href,
        schema,
        timeouts: { connectMs: 1_000, statementMs: 500 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
      });
      const direct = server.adapter({ schema });
      await direct.check();
      return {
        network,
        adapter,
        direct,
        unfinishedUploads: async () => {
          const [row] = await server.query(`select count(*) from ${schema}.bodies where state = 'staged'`);
          return Number(row?.['count']);
        },
      };
    },
    writingMethods: ['commit'],
    largeBytes: 1_048_576 + 100_000,
    secrets: [postgresTestUser.password],
    attempts,
    knowsOutcomes: true,
  });
});
