import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { describeStorageAdapter } from '@holdfast/conformance';
import { temporaryFolder } from './temporary-folder.ts';

const { capabilities } = new FilesystemStorageAdapter({ root: '.' });

describeStorageAdapter('filesystem, store layout', {
  capabilities,
  borderSizesBytes: [16_384, 1_048_576],
  createStore: async () => {
    const folder = await temporaryFolder();
    return { open: () => new FilesystemStorageAdapter({ root: join(folder.path, 'store') }), remove: folder.remove };
  },
  openMissing: async () => {
    const folder = await temporaryFolder();
    await folder.remove();
    return new FilesystemStorageAdapter({ root: folder.path, createIfMissing: false });
  },
});
