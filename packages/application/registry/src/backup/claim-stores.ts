import type { RegistryStore } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { StoreClaim } from '../store-claim.ts';
import { backupError } from './backup-error.ts';

export interface ClaimStoresOptions extends Cancellable {
  readonly claim: StoreClaim;
  readonly registry: RegistryStore;
  /** The registry that is lost, as far as the caller knows: a store of it may be taken over. */
  readonly lostRegistryId: string | undefined;
  /** Whether the user said that it is lost. */
  readonly mayTakeOver: boolean;
}

/**
 * Finds out whose the stores are that a registry is to be made in or of, and claims those that are nobody's.
 *
 * @returns the id that the registry has to adopt, if a store belongs to the lost one.
 * @throws StorageError `permission-denied` when one belongs to another registry, or taking it over was not allowed.
 */
export async function claimStores(
  storeNames: readonly string[],
  { claim, registry, lostRegistryId, mayTakeOver, signal }: ClaimStoresOptions,
): Promise<string | undefined> {
  const own = await registry.registryId();
  const owners = new Map<string, string | undefined>();
  for (const name of storeNames) owners.set(name, await claim.claimedBy(name, { signal }));
  const others = [...owners].filter(([, id]) => id !== undefined && id !== own);
  const [first] = others;
  if (first === undefined) {
    for (const name of storeNames) await claim.ensure(name, { signal });
    return undefined;
  }
  const [storeName, adopted = ''] = first;
  if (others.some(([, id]) => id !== adopted) || (lostRegistryId ?? adopted) !== adopted)
    throw belongsToAnother(storeName);
  if (!mayTakeOver) throw mustBeTakenOver(storeName);
  const ours = [...owners].find(([, id]) => id === own);
  if (ours !== undefined) throw belongsToThis(ours[0], storeName);
  for (const name of storeNames) await claim.ensure(name, { signal, registryId: adopted });
  return adopted;
}

function belongsToAnother(storeName: string): Error {
  return backupError('permission-denied', `The store ${storeName} belongs to another registry.`, {
    hint: 'Configure another store.',
  });
}

function mustBeTakenOver(storeName: string): Error {
  return backupError(
    'permission-denied',
    `The store ${storeName} belongs to the registry that is to be replaced. Were it not lost, each would take the other's objects for garbage.`,
    {
      hint: 'When it is lost for good, say --yes: this registry takes its place. Else configure another store.',
    },
  );
}

function belongsToThis(ours: string, lost: string): Error {
  return backupError(
    'permission-denied',
    `The store ${ours} belongs to this registry already, and the store ${lost} to the lost one.`,
    { hint: `Begin with a new database, or leave out the store ${ours}.` },
  );
}
