import { type RegistryStore, contentPrefix } from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, StorageError } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import { Deletions } from '../fence/deletions.ts';
import { manifestPrefix } from '../fence/manifest-documents.ts';
import { StoreClaim } from '../fence/store-claim.ts';

export interface EmptyStoreOptions extends Cancellable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly now: () => number;
  readonly createId: () => string;
}

/**
 * Deletes the objects and manifests of a store that takes no more objects and in which nothing is registered, each in just
 * the state in which it was found, by the rule of every deletion. Objects under keys of users stay.
 *
 * @returns how many were deleted.
 * @throws StorageError `precondition-failed` when the store is not retired; `unsupported` when the store cannot delete conditionally or is not fenced; `permission-denied` when it
 *   has versions that the registry does not know; the first refusal of a deletion, after the others were tried.
 */
export async function emptyStore(storeName: string, options: EmptyStoreOptions): Promise<number> {
  const { storage, registry, signal } = options;
  const adapter = storage.adapter(storeName);
  const retirements = await registry.repositories.objects.listRetirements();
  const retirement = retirements.find((one) => one.storeName === storeName);
  if (retirement?.state !== 'retired') throw notRetired(storeName);
  const claim = new StoreClaim(registry, storage);
  await using deletion = await new Deletions({ ...options, claim }).begin([storeName], { signal });
  const stop = deletion.stops.get(storeName);
  if (stop !== undefined) throw stop;
  if (!deletion.storeNames.has(storeName)) throw notEmptied(storeName, adapter.backend);
  let count = 0;
  let refusal: Error | undefined;
  for (const prefix of [contentPrefix, manifestPrefix]) {
    for await (const { objects } of adapter.list({ prefix, signal })) {
      const results = await adapter.delete(objects.map(stateOf), { signal });
      for (const result of results) {
        if ('error' in result) refusal ??= result.error;
        else {
          count += 1;
          if (prefix === manifestPrefix)
            await registry.repositories.manifests.deleteStored(storeName, result.key);
        }
      }
    }
  }
  if (refusal !== undefined) throw refusal;
  return count;
}

function stateOf({ key, etag }: ObjectInfo): { readonly key: ObjectInfo['key']; readonly ifMatch: string } {
  return { key, ifMatch: etag };
}

function notEmptied(storeName: string, backend: StorageError['backend']): StorageError {
  return new StorageError({
    code: 'unsupported',
    operation: 'empty',
    backend,
    message: `The store ${storeName} does not decide conditions, or was never claimed, so nothing is deleted from it.`,
    hint: 'Its objects are safe in the other store: take it out of the configuration and delete it by your own means.',
  });
}

function notRetired(storeName: string): StorageError {
  return new StorageError({
    code: 'precondition-failed',
    operation: 'empty',
    message: `The store ${storeName} is not retired, so its objects may be needed.`,
    hint: `Retire it first: holdfast store retire ${storeName}`,
  });
}
