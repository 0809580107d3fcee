import { type Digest, type LocationQuery, type ObjectLocation, compareKeys } from '@holdfast/domain';

/** Which of the locations are to be looked at. */
export type Due = Pick<LocationQuery, 'storeName' | 'notVerifiedSince'>;

/** Whether a location is to be looked at. */
export function isDue({ storeName, state, verifiedAt }: ObjectLocation, due: Due): boolean {
  if (due.storeName !== undefined && due.storeName !== storeName) return false;
  return due.notVerifiedSince === undefined || state === 'corrupt' || verifiedAt < due.notVerifiedSince;
}

/** Whether a location comes behind another one. */
export function isAfter(
  { digest, storeName }: ObjectLocation,
  last: { readonly digest: Digest; readonly storeName: string },
): boolean {
  return (compareKeys(digest, last.digest) || compareKeys(storeName, last.storeName)) > 0;
}
