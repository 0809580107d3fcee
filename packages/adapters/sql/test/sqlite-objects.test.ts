import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import { describeStorageAdapter } from '@holdfast/conformance';

const { capabilities } = new DatabaseStorageAdapter({ url: 'sqlite:objects.db' });

describeStorageAdapter('DatabaseStorageAdapter on SQLite', {
  capabilities,
  createStore: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
    return {
      open: () => new DatabaseStorageAdapter({ url: `sqlite:${join(folder, 'objects.db')}` }),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  openMissing: () =>
    new DatabaseStorageAdapter({ url: 'sqlite:/no/such/folder/objects.db', createIfMissing: false }),
  borderSizesBytes: [262_144, 1_048_576],
});
