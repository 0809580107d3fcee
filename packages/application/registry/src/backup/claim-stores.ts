import type { RegistryStore } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import { takeGeneration } from '../fence/settle-generation.ts';
import type { ClaimReading, StoreClaim } from '../fence/store-claim.ts';
import { backupError } from './backup-error.ts';

export interface ClaimStoresOptions extends Cancellable {
  readonly claim: StoreClaim;
  readonly registry: RegistryStore;
  /** The registry that is lost, as far as the caller knows: a store of it may be taken over. */
  readonly lost?: { readonly registryId: string; readonly generations: readonly string[] } | undefined;
  /** Whether the user said that it is lost. */
  readonly mayTakeOver: boolean;
}

/**
 * Finds out whose the stores are that a registry is to be made in or of, and claims those that belong to no registry or to
 * the lost one. A registry that takes the place of a lost one takes another generation first: every other copy of that one
 * is refused from then on.
 *
 * @returns whether a store belonged to the lost registry, whose id this one has then.
 * @throws StorageError `permission-denied` when one belongs to another registry, or taking it over was not allowed.
 */
export async function claimStores(
  storeNames: readonly string[],
  { claim, registry, lost, mayTakeOver, signal }: ClaimStoresOptions,
): Promise<boolean> {
  const others: (readonly [string, ClaimReading])[] = [];
  const ours: string[] = [];
  for (const name of storeNames) {
    const found = await claim.read(name, { signal });
    if (found === undefined) continue;
    if (await claim.isOwn(found)) ours.push(name);
    else others.push([name, found]);
  }
  const [first] = others;
  if (first !== undefined) {
    const [storeName, { registryId }] = first;
    const isOfAnother = others.some(([, one]) => one.registryId !== registryId);
    if (isOfAnother || (lost?.registryId ?? registryId) !== registryId) throw belongsToAnother(storeName);
    if (!mayTakeOver) throw mustBeTakenOver(storeName);
    if (ours[0] !== undefined && registryId !== (await registry.registryId()))
      throw belongsToThis(ours[0], storeName);
    const ancestors = [...(lost?.generations ?? []), ...others.map(([, { generation }]) => generation)];
    await takeGeneration(registry, { registryId, ancestors });
  }
  for (const name of storeNames) await claim.ensure(name, { signal });
  return first !== undefined;
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
