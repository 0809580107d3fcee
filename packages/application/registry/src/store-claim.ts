import type { ObjectKey, RegistryStore } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';

/** The object that says which registry a store belongs to. */
export const claimKey: ObjectKey = 'registry-claim.json' as ObjectKey;

/** Whose a store is, as seen from one registry. */
export type StoreOwner = 'ours' | 'foreign' | 'nobody';

/**
 * Keeps two registries from sharing a store: each would take the other's objects for garbage.
 * The first registry that saves into a store claims it by an object that can be created only once.
 */
export class StoreClaim {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #claimed = new Set<string>();

  constructor(registry: RegistryStore, storage: StorageService) {
    this.#registry = registry;
    this.#storage = storage;
  }

  /**
   * Makes sure that a store is ours. A backend that cannot create conditionally is used without a claim,
   * and so is never collected.
   *
   * @throws StorageError `permission-denied` when it belongs to another registry.
   */
  async ensure(storeName: string): Promise<void> {
    if (this.#claimed.has(storeName)) return;
    const adapter = this.#storage.adapter(storeName);
    if (!adapter.capabilities.createIfAbsent) return;
    const owner = await this.owner(storeName);
    if (owner === 'nobody') await this.#create(adapter);
    if ((owner === 'nobody' ? await this.owner(storeName) : owner) === 'foreign') throw foreign(adapter, storeName);
    this.#claimed.add(storeName);
  }

  /** Whose a store is now. */
  async owner(storeName: string): Promise<StoreOwner> {
    const claimed = await readClaim(this.#storage.adapter(storeName));
    if (claimed === undefined) return 'nobody';
    return claimed === (await this.#registry.registryId()) ? 'ours' : 'foreign';
  }

  async #create(adapter: StorageAdapter): Promise<void> {
    const claim = Buffer.from(`${JSON.stringify({ registryId: await this.#registry.registryId() }, undefined, 2)}\n`);
    try {
      await adapter.put(claimKey, claim, { mode: 'create' });
    } catch (error) {
      if (!StorageError.isInstance(error, 'already-exists')) throw error;
    }
  }
}

/** The id of the registry that a store belongs to; `undefined` when it belongs to none. */
async function readClaim(adapter: StorageAdapter): Promise<string | undefined> {
  await using reader = await adapter.get(claimKey);
  if (reader === undefined) return undefined;
  let text = '';
  for await (const chunk of reader.body) text += Buffer.from(chunk).toString('utf8');
  const claim = JSON.parse(text) as { readonly registryId?: unknown };
  return String(claim.registryId);
}

function foreign(adapter: StorageAdapter, storeName: string): StorageError {
  return new StorageError({
    code: 'permission-denied',
    operation: 'claim',
    backend: adapter.backend,
    message: `The store ${storeName} belongs to another registry, which would take your objects for garbage.`,
    hint: 'Configure the database that the store belongs to, or another store.',
  });
}
