import type { App } from '@holdfast/composition';
import { type OperationContext, StorageError, orCancelled } from '@holdfast/ports';
import { StoreClaim, type StoreOwner, StorePresence, isAbsentRegistry } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';

const timeoutMs = 5_000;

/**
 * Whose a store is; `undefined` where no claim can be made, or the database, which has a check of its own, cannot be
 * asked. A registry that is not there yet owns nothing.
 *
 * @throws StorageError `unavailable` when the store was used and holds nothing any more.
 */
export async function findOwner(
  app: App,
  storeName: string,
  signal: AbortSignal,
): Promise<StoreOwner | undefined> {
  const adapter = await app.adapters.createForStore(storeName);
  const registry = await app.registry().catch(() => undefined);
  if (registry === undefined) return undefined;
  const storage = new StorageService({ adapters: { [storeName]: adapter } });
  const context: OperationContext = { operation: 'claim', backend: adapter.backend };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const look = async (): Promise<StoreOwner | undefined> => {
    const owner = adapter.capabilities.createIfAbsent
      ? await new StoreClaim(registry, storage).owner(storeName, { signal: limit })
      : undefined;
    if (owner === undefined || owner === 'unclaimed')
      await new StorePresence({ registry, storage }).assert(storeName, { signal: limit });
    return owner;
  };
  try {
    return await orCancelled(look(), limit, context);
  } catch (error) {
    if (isAbsentRegistry(error)) return 'foreign';
    if (!StorageError.isInstance(error, 'cancelled') || signal.aborted) throw error;
    const message = `The store ${storeName} did not tell within ${timeoutMs / 1_000} s whose it is.`;
    throw new StorageError({ ...context, code: 'timeout', retry: 'temporary', message, cause: error });
  }
}
