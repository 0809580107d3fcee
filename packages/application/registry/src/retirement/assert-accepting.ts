import type { ObjectLedger } from '@holdfast/domain';
import { forbidden } from '../registry-error.ts';

/**
 * Makes sure that a store takes objects. Inside the transaction that relies on it, so that nothing is registered in a
 * store whose objects are being brought elsewhere.
 *
 * @throws StorageError `permission-denied` when the store is retiring or retired.
 */
export async function assertAccepting(objects: ObjectLedger, storeNames: Iterable<string>): Promise<void> {
  const wanted = new Set(storeNames);
  const found = (await objects.listRetirements()).find(({ storeName }) => wanted.has(storeName));
  if (found === undefined) return;
  const { storeName, state } = found;
  throw forbidden(
    `The store ${storeName} is ${state} and takes no more objects.`,
    `Save into another store, or let it take objects again: holdfast store retire ${storeName} --undo`,
  );
}
