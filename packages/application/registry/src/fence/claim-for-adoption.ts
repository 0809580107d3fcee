import type { RegistryStore } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { takeGeneration } from './settle-generation.ts';
import type { StoreClaim } from './store-claim.ts';

export interface ClaimForAdoptionOptions extends Cancellable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly mayTakeOver?: boolean | undefined;
}

/**
 * Claims stores of other registries: a new generation is persisted first, then the claims are renewed one by one.
 *
 * @throws StorageError `permission-denied` when one belongs to another registry and `mayTakeOver` is not set;
 *   `unsupported` for a store that is not fenced.
 */
export async function claimForAdoption(
  storeNames: readonly string[],
  { registry, storage, claim, mayTakeOver = false, signal }: ClaimForAdoptionOptions,
): Promise<void> {
  const ancestors: string[] = [];
  for (const storeName of storeNames) {
    const found = await claim.read(storeName, { signal });
    if (found === undefined || (await claim.isOwn(found))) continue;
    if (!mayTakeOver) throw mustBeTakenOver(storeName);
    ancestors.push(found.generation);
  }
  await takeGeneration(registry, { ancestors });
  for (const storeName of storeNames)
    if ((await claim.ensure(storeName, { signal })) === undefined) throw unfenced(storage, storeName);
}

function mustBeTakenOver(storeName: string): StorageError {
  return new StorageError({
    code: 'permission-denied',
    operation: 'adopt',
    message: `The store ${storeName} belongs to another registry, or to a copy of this one, which is refused there once this one takes its place.`,
    hint: 'If that registry is not used any more, add --yes.',
  });
}

function unfenced(storage: StorageService, storeName: string): StorageError {
  return new StorageError({
    code: 'unsupported',
    operation: 'adopt',
    backend: storage.adapter(storeName).backend,
    message: `The store ${storeName} is not fenced: it cannot replace an object only in a known state.`,
    hint: 'Nothing is ever collected there. To make a registry of what it holds: holdfast registry rebuild',
  });
}
