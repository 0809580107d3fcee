import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ModelStorageInfo } from '@holdfast/domain';
import { StorageService } from '@holdfast/storage';
import { makeShards } from '../material/make-shards.ts';
import type { Library } from './library.ts';

/** Content-addressed, hashed on the way in, verified on the way out, without syncs. */
export async function openHoldfast(folder: string): Promise<Library> {
  const adapter = new FilesystemStorageAdapter({ root: folder, durability: 'none' });
  await makeShards(adapter);
  const service = new StorageService({ adapters: { default: adapter } });
  const saved = new Map<string, ModelStorageInfo>();
  return {
    name: 'Holdfast',
    put: async (name, bytes) => {
      saved.set(name, await service.save(bytes, { format: 'binary' }));
    },
    get: (name) => service.load(infoOf(saved, name)),
    remove: async (name) => {
      await service.delete(infoOf(saved, name));
      saved.delete(name);
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function infoOf(saved: ReadonlyMap<string, ModelStorageInfo>, name: string): ModelStorageInfo {
  const info = saved.get(name);
  if (info === undefined) throw new Error(`${name} was never saved.`);
  return info;
}
