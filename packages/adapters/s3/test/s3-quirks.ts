import type { StorageQuirk } from '@holdfast/conformance';

type Quirks = Readonly<Record<string, StorageQuirk>>;

/** Gives all of some cases one reason. */
export function quirksOf(fails: StorageQuirk['fails'], reason: string, names: readonly string[]): Quirks {
  return Object.fromEntries(names.map((name) => [name, { reason, fails }]));
}

/** What S3 is. */
export const etagQuirks: Quirks = quirksOf('always', 'S3 makes etags from the bytes', [
  'gives each state an etag of its own, of the same bytes too',
  'never uses an etag again, not for an object deleted and made anew',
]);
