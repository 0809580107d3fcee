import type { RegistryStore } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { placesBeside } from './places-beside.ts';

/** How many locations are judged in one transaction. */
export const pageSize = 200;

/**
 * Drops the locations of a store that retires: each in a transaction that finds a good one in a store that stays.
 *
 * @param options `isLost`: also those that are stored nowhere else.
 * @returns whether nothing is registered in the store any more.
 * @throws StorageError `precondition-failed` when the retirement was undone meanwhile.
 */
export async function dropLocations(
  registry: RegistryStore,
  storeName: string,
  { isLost }: { readonly isLost: boolean },
): Promise<boolean> {
  let isEmpty = true;
  let after: string | undefined;
  do {
    const query = { storeName, limit: pageSize, after };
    const { items, next } = await registry.repositories.objects.listLocations(query);
    await registry.unitOfWork(async ({ objects }) => {
      const retirements = await objects.listRetirements();
      if (!retirements.some((one) => one.storeName === storeName)) throw undone(storeName);
      for (const { digest } of items) {
        const others = placesBeside(await objects.findLocations(digest), storeName, retirements);
        const isSafe = isLost || others.some(({ state }) => state === 'verified');
        if (isSafe) await objects.deleteLocation(digest, storeName);
        else isEmpty = false;
      }
    });
    after = next;
  } while (after !== undefined);
  return isEmpty;
}

function undone(storeName: string): StorageError {
  return new StorageError({
    code: 'precondition-failed',
    operation: 'retire',
    message: `The retirement of the store ${storeName} was undone meanwhile.`,
    hint: 'Nothing more was dropped. Retire it again, if that is wanted.',
  });
}
