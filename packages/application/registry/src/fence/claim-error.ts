import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { type ClaimDocument, claimKey } from './claim-document.ts';

/** A claim that says nothing. */
export function damagedClaim(adapter: StorageAdapter): StorageError {
  return new StorageError({
    code: 'corrupt',
    operation: 'claim',
    backend: adapter.backend,
    key: claimKey,
    message: `The object ${claimKey} does not say which registry the store belongs to.`,
    hint: 'Restore it from a copy. Delete it only when no other registry uses the store: the next save makes it again.',
  });
}

/** A store of another registry, which may be a copy of this one. */
export function foreignClaim(
  adapter: StorageAdapter,
  {
    storeName,
    claim,
    own,
  }: {
    readonly storeName: string;
    readonly claim: ClaimDocument;
    readonly own: { readonly registryId: string; readonly generation: string };
  },
): StorageError {
  const isCopy = claim.registryId === own.registryId;
  const theirs = isCopy
    ? `a copy of this registry (generation ${claim.generation})`
    : `another registry (${claim.registryId}, generation ${claim.generation})`;
  const mine = isCopy ? `generation ${own.generation}` : `${own.registryId}, generation ${own.generation}`;
  return new StorageError({
    code: 'permission-denied',
    operation: 'claim',
    backend: adapter.backend,
    message: `The store ${storeName} belongs to ${theirs}; this registry is ${mine}. Each would take the other's objects for garbage.`,
    hint: `Configure the database that the store belongs to, or another store. If that registry is not used any more: holdfast registry adopt ${storeName}`,
  });
}

/** Another registry's deletion that does not end. */
export function deletionUnderWay(adapter: StorageAdapter, storeName: string): StorageError {
  return new StorageError({
    code: 'locked',
    operation: 'claim',
    backend: adapter.backend,
    key: claimKey,
    retry: 'temporary',
    message: `A copy of this registry is deleting in the store ${storeName}, and has not ended.`,
    hint: 'Wait for it. If it died, run holdfast gc --alone while no other command collects or removes.',
  });
}
