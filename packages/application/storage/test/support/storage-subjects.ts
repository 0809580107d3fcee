import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { overriding } from './overriding.ts';

/** A service over one store, with a spool folder of its own. */
export interface Subject extends AsyncDisposable {
  readonly service: StorageService;
  readonly adapter: StorageAdapter;
  /** Where streams are kept while they are hashed. */
  readonly spool: TemporaryFolder;
}

/** How the store of a subject is made. */
export type MakeAdapter = (folder: TemporaryFolder) => StorageAdapter;

/** Every way in which content is saved: in one pass, hashed first, with and without the backend's own checksum. */
export const storageSubjects: Readonly<Record<string, MakeAdapter>> = {
  'memory, one pass': () => new MemoryStorageAdapter(),
  'memory, hashed first': () => hashedFirst(new MemoryStorageAdapter()),
  'memory, hashed first, without checksums': () => withoutChecksums(hashedFirst(new MemoryStorageAdapter())),
  'filesystem, one pass': (folder) => new FilesystemStorageAdapter({ root: folder.join('store') }),
};

/** Makes a service over an adapter. */
export async function makeSubject(
  make: MakeAdapter,
  change: (adapter: StorageAdapter) => StorageAdapter = (adapter) => adapter,
): Promise<Subject> {
  const [folder, spool] = [await TemporaryFolder.make(), await TemporaryFolder.make()];
  const adapter = change(make(folder));
  const service = new StorageService({ adapters: { main: adapter }, spoolFolder: spool.path });
  const dispose = async (): Promise<void> => {
    await service[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    await spool[Symbol.asyncDispose]();
  };
  return { service, adapter, spool, [Symbol.asyncDispose]: dispose };
}

/** An adapter that must be told the key before the bytes, as most clouds must. */
export function hashedFirst(adapter: StorageAdapter): StorageAdapter {
  return overriding(adapter, { capabilities: { ...adapter.capabilities, lateKey: false } });
}

/** An adapter that keeps no checksum beside an object. */
export function withoutChecksums(adapter: StorageAdapter): StorageAdapter {
  const without = ({ checksum: _checksum, ...info }: ObjectInfo): ObjectInfo => info;
  return overriding(adapter, {
    put: async (...parameters) => without(await adapter.put(...parameters)),
    head: async (...parameters) => {
      const info = await adapter.head(...parameters);
      return info === undefined ? undefined : without(info);
    },
    get: async (...parameters) => {
      const reader = await adapter.get(...parameters);
      return reader === undefined ? undefined : overriding(reader, { info: without(reader.info) });
    },
  });
}

/** The keys in a store. */
export async function keysIn(adapter: StorageAdapter): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { objects } of adapter.list()) keys.push(...objects.map(({ key }) => key));
  return keys;
}
