import { describeStorageAdapter } from '@holdfast/conformance';
import { withServer } from '@holdfast/tooling-services';
import { PostgresTestServer } from './postgres-test-server.ts';

const opened = await PostgresTestServer.open();

withServer(opened, (server) => {
  describeStorageAdapter('DatabaseStorageAdapter on PostgreSQL', {
    capabilities: server.adapter({ schema: 's' }).capabilities,
    createStore: () => {
      const schema = server.newSchema();
      return {
        open: () => server.adapter({ schema }),
        remove: async () => void (await server.query(`drop schema if exists ${schema} cascade`)),
      };
    },
    openMissing: () => {
      const url = server.url.replace(/postgres$/, 'no_such_database');
      return server.adapter({ url, schema: 'public' });
    },
    borderSizesBytes: [262_144, 1_048_576],
    caseTimeoutMs: 60_000,
  });
});
