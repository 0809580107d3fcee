import { Files } from 'files-sdk';
import { fs } from 'files-sdk/fs';
import { type Library, holdsNothing } from './library.ts';

/** Files under their names with a companion for their metadata, hashed on the way in. */
export async function openFilesSdk(folder: string): Promise<Library> {
  const files = new Files({ adapter: fs({ root: folder }) });
  return {
    name: 'files-sdk',
    put: async (name, bytes) => {
      await files.upload(name, bytes);
    },
    get: async (name) => new Uint8Array(await (await files.download(name)).arrayBuffer()),
    remove: (name) => files.delete(name),
    ...holdsNothing,
  };
}
