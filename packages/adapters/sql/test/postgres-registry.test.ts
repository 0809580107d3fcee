import { describeRegistryStore } from '@holdfast/conformance';
import { withServer } from '@holdfast/tooling-services';
import { PostgresTestServer } from './postgres-test-server.ts';
import { sampleMigrations } from './sample-migrations.ts';

const opened = await PostgresTestServer.open();

withServer(opened, (server) => {
  describeRegistryStore('SqlRegistryStore on PostgreSQL', {
    createStore: () => {
      const schema = server.newSchema();
      return {
        open: () => server.registry({ schema, migrations: sampleMigrations }),
        remove: async () => void (await server.query(`drop schema if exists ${schema} cascade`)),
      };
    },
    caseTimeoutMs: 60_000,
  });
});
