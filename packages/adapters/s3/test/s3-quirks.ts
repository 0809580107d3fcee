import type { StorageQuirk } from '@holdfast/conformance';

type Quirks = Readonly<Record<string, StorageQuirk>>;

/** Gives all of some cases one reason. */
export function quirksOf(fails: StorageQuirk['fails'], reason: string, names: readonly string[]): Quirks {
  return Object.fromEntries(names.map((name) => [name, { reason, fails }]));
}
