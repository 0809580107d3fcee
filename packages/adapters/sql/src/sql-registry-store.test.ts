import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRegistryStore } from '@holdfast/conformance';
import { sampleMigrations } from '../test/sample-migrations.ts';
import { SqlRegistryStore } from './sql-registry-store.ts';

describeRegistryStore('SqlRegistryStore on a file', {
  createStore: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-registry-'));
    return {
      open: () =>
        SqlRegistryStore.open({ url: `sqlite:${join(folder, 'registry.db')}`, migrations: sampleMigrations }),
      remove: () => rm(folder, { recursive: true }),
    };
  },
});

describeRegistryStore('SqlRegistryStore in memory', {
  createStore: () => ({
    open: () => SqlRegistryStore.open({ url: 'sqlite::memory:', migrations: sampleMigrations }),
  }),
  opensOnce: true,
});
