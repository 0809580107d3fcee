import type { StorageQuirk } from './storage-harness.ts';

/** Gives several cases, by their names, one quirk. */
export function quirksOf(
  quirk: StorageQuirk,
  names: readonly string[],
): Readonly<Record<string, StorageQuirk>> {
  return Object.fromEntries(names.map((name) => [name, quirk]));
}
