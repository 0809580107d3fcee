import { join } from 'node:path';
import {
  Durability,
  FilesystemStorageAdapter,
  type FilesystemStorageAdapterOptions,
} from '@holdfast/adapter-filesystem';
import { describeStorageAdapter } from '@holdfast/conformance';
import { describe } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** `HOLDFAST_TEST_LONG=true` tries every durability; otherwise the two between which the others lie. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const durabilities = isLong ? Object.values(Durability) : [Durability.Full, Durability.None];

describe.each(durabilities)('durability %s', (durability) => {
  describeLayout(`filesystem, store layout, durability ${durability}`, { durability });
});

describe.each(durabilities)('plain layout, durability %s', (durability) => {
  describeLayout(`filesystem, plain layout, durability ${durability}`, { durability, layout: 'plain' });
});

type Options = FilesystemStorageAdapterOptions extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'root'>
    : never
  : never;

function describeLayout(name: string, options: Options): void {
  const { capabilities } = new FilesystemStorageAdapter({ ...options, root: '.' });
  describeStorageAdapter(name, {
    capabilities,
    borderSizesBytes: [16_384, 1_048_576],
    createStore: async () => {
      const folder = await temporaryFolder();
      const root = join(folder.path, 'store');
      return { open: () => new FilesystemStorageAdapter({ ...options, root }), remove: folder.remove };
    },
    openMissing: async () => {
      const folder = await temporaryFolder();
      await folder.remove();
      return new FilesystemStorageAdapter({ ...options, root: folder.path, createIfMissing: false });
    },
  });
}
