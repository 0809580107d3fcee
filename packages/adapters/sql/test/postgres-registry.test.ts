import { describeRegistryStore } from '@holdfast/conformance';
import { PostgresTestServer } from './postgres-test-server.ts';

const server = await PostgresTestServer.open();

if (server !== undefined) {
  describeRegistryStore('SqlRegistryStore on PostgreSQL', {
    createStore: () => {
      const schema = server.newSchema();
      return {
        open: () => server.registry({ schema }),
        remove: async () => void (await server.query(`drop schema if exists ${schema} cascade`)),
      };
    },
    caseTimeoutMs: 60_000,
  });
}
