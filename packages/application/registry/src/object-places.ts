import { type Digest, type ObjectKey, type ObjectLedger, contentKey } from '@holdfast/domain';

/** Where the object of a digest lies, or would lie. */
export interface Place {
  readonly digest: Digest;
  readonly storeName: string;
  readonly key: ObjectKey;
}

/** Where digests lie as far as is known, and where they would lie in these stores. */
export async function placesOf(
  objects: ObjectLedger,
  digests: readonly Digest[],
  storeNames: readonly string[],
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const digest of digests) {
    const known = await objects.findLocations(digest);
    for (const { storeName, key } of known) places.push({ digest, storeName, key: key as ObjectKey });
    for (const storeName of storeNames) {
      const key = contentKey(digest);
      const isKnown = known.some((place) => place.storeName === storeName && place.key === key);
      if (!isKnown) places.push({ digest, storeName, key });
    }
  }
  return places;
}

export function digestsOf(places: readonly Place[]): ReadonlySet<Digest> {
  return new Set(places.map(({ digest }) => digest));
}

export function storesOf(places: readonly Place[]): ReadonlySet<string> {
  return new Set(places.map(({ storeName }) => storeName));
}
