import { type Condemnation, type Digest, compareKeys } from '@holdfast/domain';
import type { CondemnedObjectTable } from '../schema/registry-schema.ts';
import { parseDocument } from './parse-document.ts';

/** Store names as their column has them: sorted, each once. */
export function printStoreNames(storeNames: readonly string[]): string {
  return JSON.stringify([...new Set(storeNames)].toSorted(compareKeys));
}

/** @throws StorageError `corrupt` when a column does not hold what was written. */
export function condemnationOfRow({ digest, owner, store_names }: CondemnedObjectTable): Condemnation {
  const storeNames = parseDocument(store_names, digest, (names) => {
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      throw new TypeError('The names of the stores are not a list of strings.');
    return names;
  });
  return { digest: digest as Digest, by: owner, storeNames };
}
