import cacache from 'cacache';
import { type Library, holdsNothing } from './library.ts';

/** Content-addressed, hashed on the way in, verified on the way out. */
export async function openCacache(folder: string): Promise<Library> {
  return {
    name: 'cacache',
    put: async (name, bytes) => {
      await cacache.put(folder, name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
    get: async (name) => (await cacache.get(folder, name)).data,
    remove: async (name) => {
      const entry = await cacache.get.info(folder, name);
      if (entry !== null) await cacache.rm.content(folder, entry.integrity);
      await cacache.rm.entry(folder, name);
    },
    ...holdsNothing,
  };
}
