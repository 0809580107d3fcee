import { hash } from 'node:crypto';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import {
  type Digest,
  type RegistryStore,
  digestOfHex,
  utcTimestamp,
  contentKey,
  versionOwner,
} from '@holdfast/domain';
import type { StorageAdapter, TransactionOperation } from '@holdfast/ports';
import { StoreClaim } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';

const objectsPerVersion = 1_000;
const verifiedAt = utcTimestamp(Date.UTC(2026, 0, 1));

/** A store and the registry that it belongs to, open. */
export interface OpenStore extends AsyncDisposable {
  readonly adapter: StorageAdapter;
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/** Opens both in a folder. */
export async function openStore(folder: string): Promise<OpenStore> {
  const adapter = new FilesystemStorageAdapter({ root: join(folder, 'store'), durability: 'none' });
  const storage = new StorageService({ adapters: { default: adapter } });
  const registry = await SqlRegistryStore.open({ url: `sqlite:${join(folder, 'registry.db')}` });
  const close = async (): Promise<void> => {
    await storage[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  };
  return { adapter, registry, storage, [Symbol.asyncDispose]: close };
}

/** Fills a store with objects that versions need, a thousand a version. */
export async function addNeeded({ adapter, registry, storage }: OpenStore, count: number): Promise<void> {
  await new StoreClaim(registry, storage).ensure('default');
  for (let begin = 0; begin < count; begin += objectsPerVersion) {
    const digests = await addObjects(adapter, 'needed', {
      begin,
      end: Math.min(count, begin + objectsPerVersion),
    });
    await registry.unitOfWork(async ({ objects }) => {
      await objects.addReferences(versionOwner(`version-${begin}`), digests);
      for (const digest of digests) {
        const key = contentKey(digest);
        await objects.putLocation({
          digest,
          storeName: 'default',
          key,
          sizeBytes: 0,
          verifiedAt,
          state: 'verified',
        });
      }
    });
  }
}

/** Adds objects that nothing needs. */
export async function addGarbage({ adapter }: OpenStore, count: number): Promise<void> {
  for (let begin = 0; begin < count; begin += objectsPerVersion)
    await addObjects(adapter, 'garbage', { begin, end: Math.min(count, begin + objectsPerVersion) });
}

interface Numbers {
  readonly begin: number;
  readonly end: number;
}

async function addObjects(
  adapter: StorageAdapter,
  kind: string,
  { begin, end }: Numbers,
): Promise<readonly Digest[]> {
  const operations: TransactionOperation[] = [];
  const digests: Digest[] = [];
  for (let number = begin; number < end; number++) {
    const body = Buffer.from(`${kind} ${number}\n`);
    const digest = digestOfHex(hash('sha256', body));
    digests.push(digest);
    operations.push({ kind: 'put', key: contentKey(digest), body });
  }
  await adapter.transaction?.(operations);
  return digests;
}
