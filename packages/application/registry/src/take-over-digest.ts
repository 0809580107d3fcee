import type { Digest } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { Deletion } from './fence/deletions.ts';
import type { ObjectReclaimer } from './object-reclaimer.ts';

const whyUnderWay =
  'another command has begun to delete it: if it died, use --alone while no other command collects or removes';

/**
 * Ends what another command began with a digest.
 *
 * @returns why it cannot be ended.
 */
export async function takeOverDigest(
  reclaimer: ObjectReclaimer,
  digest: Digest,
  deletion: Deletion | undefined,
): Promise<string | undefined> {
  try {
    await reclaimer.takeOver(digest, { deletion });
    return undefined;
  } catch (error) {
    if (StorageError.isInstance(error, 'locked')) return whyUnderWay;
    if (StorageError.isInstance(error, 'permission-denied')) return error.message;
    throw error;
  }
}
