import type { ObjectLocation, StoreRetirement } from '@holdfast/domain';

/** The copies that stay when a store goes: those in other stores that do not retire, too. */
export function placesBeside(
  places: readonly ObjectLocation[],
  storeName: string,
  retirements: readonly StoreRetirement[],
): readonly ObjectLocation[] {
  const closed = new Set([storeName, ...retirements.map((one) => one.storeName)]);
  return places.filter((place) => !closed.has(place.storeName));
}
