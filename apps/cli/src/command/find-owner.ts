import type { App } from '@holdfast/composition';
import { type OperationContext, StorageError, orCancelled } from '@holdfast/ports';
import { StoreClaim, type StoreOwner, StorePresence, canFence, isAbsentRegistry } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';

const timeoutMs = 5_000;

/** Whose a store is, or `unfenced` where no claim can be made. */
export type OwnerFinding = StoreOwner | 'unfenced';

/**
 * Whose a store is. A database that cannot be asked has a check of its own, and is taken for one without claims. A registry that is not there yet owns nothing.
 *
 * @throws StorageError `unavailable` when the store was used and holds nothing any more.
 */
export async function findOwner(app: App, storeName: string, signal: AbortSignal): Promise<OwnerFinding> {
  const adapter = await app.adapters.createForStore(storeName);
  const unclaimed = canFence(adapter) ? 'unclaimed' : 'unfenced';
  const registry = await app.registry().catch(() => undefined);
  if (registry === undefined) return unclaimed;
  const storage = new StorageService({ adapters: { [storeName]: adapter } });
  const context: OperationContext = { operation: 'claim', backend: adapter.backend };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const look = async (): Promise<OwnerFinding> => {
    const owner = adapter.capabilities.createIfAbsent
      ? await new StoreClaim(registry, storage).owner(storeName, { signal: limit })
      : unclaimed;
    if (owner === 'ours' || owner === 'foreign') return owner;
    await new StorePresence({ registry, storage }).assert(storeName, { signal: limit });
    return unclaimed;
  };
  try {
    return await orCancelled(look(), limit, context);
  } catch (error) {
    if (isAbsentRegistry(error)) return 'foreign';
    if (!StorageError.isInstance(error, 'cancelled') || signal.aborted) throw error;
    const message = `The store ${storeName} did not report its owner within ${timeoutMs / 1_000} s.`;
    throw new StorageError({ ...context, code: 'timeout', retry: 'temporary', message, cause: error });
  }
}
