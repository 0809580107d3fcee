import type { ObjectKey, RegistryStore } from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, type StorageAdapter, StorageError } from '@holdfast/ports';
import { type StorageService, probeConditions } from '@holdfast/storage';
import { StorePresence } from './store-presence.ts';

/** The object that says which registry a store belongs to. */
export const claimKey: ObjectKey = 'registry-claim.json' as ObjectKey;

/** Whose a store is, as seen from one registry. */
export type StoreOwner = 'ours' | 'foreign' | 'nobody';

/** A claim is a line; anything longer is none. */
const longestClaimBytes = 4_096;

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
   * Makes sure that a store is ours. A backend that cannot create conditionally, or whose server is found not to
   * decide conditions when the store is first claimed, is used without a claim, and so is never collected.
   *
   * @throws StorageError `permission-denied` when it belongs to another registry, `corrupt` when its claim is
   *   damaged, `unavailable` when it was used and is gone, `invalid-configuration` when there is no such store.
   */
  async ensure(
    storeName: string,
    options: Cancellable & {
      /** The registry that it is to be claimed for. @default this one */
      readonly registryId?: string;
      /** Whether a store that was used before may hold nothing any more, since it is to be filled again. @default false */
      readonly mayBeEmpty?: boolean;
    } = {},
  ): Promise<void> {
    if (this.#claimed.has(storeName) && options.registryId === undefined) return;
    const adapter = this.#storage.adapter(storeName);
    if (!adapter.capabilities.createIfAbsent) return this.#assertPresent(storeName, options);
    const registryId = options.registryId ?? (await this.#registry.registryId());
    let claimed = await this.claimedBy(storeName, options);
    if (claimed === undefined) {
      await this.#assertPresent(storeName, options);
      if (!(await decidesConditions(adapter, options))) return;
      await this.#create(adapter, registryId, options);
      claimed = await this.claimedBy(storeName, options);
    }
    if (claimed !== registryId) throw foreign(adapter, storeName);
    this.#claimed.add(storeName);
  }

  /**
   * Whose a store is now.
   *
   * @throws StorageError `corrupt` when its claim is damaged, `invalid-configuration` when there is no such store.
   */
  async owner(storeName: string, options: Cancellable = {}): Promise<StoreOwner> {
    const claimed = await this.claimedBy(storeName, options);
    if (claimed === undefined) return 'nobody';
    return claimed === (await this.#registry.registryId()) ? 'ours' : 'foreign';
  }

  /**
   * The id of the registry that a store belongs to; `undefined` when it belongs to none.
   *
   * @throws StorageError `corrupt` when its claim is damaged, `invalid-configuration` when there is no such store.
   */
  claimedBy(storeName: string, options: Cancellable = {}): Promise<string | undefined> {
    return readClaim(this.#storage.adapter(storeName), options);
  }

  /** Only a store that never had one is without a claim, unless it is gone. */
  async #assertPresent(
    storeName: string,
    options: Cancellable & { readonly registryId?: string; readonly mayBeEmpty?: boolean },
  ): Promise<void> {
    if (options.mayBeEmpty === true || options.registryId !== undefined) return;
    await new StorePresence({ registry: this.#registry, storage: this.#storage }).assert(storeName, options);
  }

  async #create(adapter: StorageAdapter, registryId: string, { signal }: Cancellable): Promise<void> {
    const claim = Buffer.from(`${JSON.stringify({ registryId }, undefined, 2)}\n`);
    try {
      await adapter.put(claimKey, claim, { mode: 'create', signal });
    } catch (error) {
      if (!StorageError.isInstance(error, 'already-exists')) throw error;
    }
  }
}

/** A claim that another registry may overwrite fences nothing. */
async function decidesConditions(adapter: StorageAdapter, { signal }: Cancellable): Promise<boolean> {
  const undecided = await probeConditions(adapter, { signal });
  return !undecided.includes('createIfAbsent') && !undecided.includes('replaceIfMatch');
}

/** The id of the registry that a store belongs to; `undefined` when it belongs to none. */
async function readClaim(adapter: StorageAdapter, { signal }: Cancellable): Promise<string | undefined> {
  await using reader = await adapter.get(claimKey, { signal });
  if (reader === undefined) return undefined;
  const { sizeBytes }: ObjectInfo = reader.info;
  if (sizeBytes > longestClaimBytes) throw damaged(adapter);
  const chunks: Buffer[] = [];
  for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
  const id = registryIdIn(Buffer.concat(chunks).toString('utf8'));
  if (id === undefined) throw damaged(adapter);
  return id;
}

function registryIdIn(text: string): string | undefined {
  try {
    const { registryId } = JSON.parse(text) as { readonly registryId?: unknown };
    return typeof registryId === 'string' ? registryId : undefined;
  } catch {
    return undefined;
  }
}

function damaged(adapter: StorageAdapter): StorageError {
  return new StorageError({
    code: 'corrupt',
    operation: 'claim',
    backend: adapter.backend,
    key: claimKey,
    message: `The object ${claimKey} does not say which registry the store belongs to.`,
    hint: 'Restore it from a copy. Delete it only when no other registry uses the store: the next save makes it anew.',
  });
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
