import type { Digest } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** A deletion that another command began in stores that this one cannot look into. */
export function outOfReach(digest: Digest, storeNames: readonly string[]): StorageError {
  const names = storeNames.join(', ');
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'collect',
    key: digest,
    message: `The deletion of ${digest} was begun in stores that cannot be collected from here: ${names}.`,
    hint: 'Run holdfast gc where these stores are configured. For a store that is gone for good, configure an empty one under its name.',
  });
}

/** A deletion that another command began, in stores where it could hit what is saved after it. */
export function underWay(digest: Digest, storeNames: readonly string[]): StorageError {
  return new StorageError({
    code: 'locked',
    operation: 'collect',
    key: digest,
    retry: 'temporary',
    message: `The deletion of ${digest} was begun in ${storeNames.join(', ')} and has not ended.`,
    hint: 'Wait for the command that collects or removes. If it died, run holdfast gc --alone while no other command collects or removes.',
  });
}
