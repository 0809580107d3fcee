import type { Digest } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** How long a collector has for a digest before whoever waits for it ends its work. */
const patienceMs = 10_000;
/** How long it has where its work cannot be ended by others: it may be slow, deleting a hundred objects one by one. */
const longPatienceMs = 60_000;

/**
 * Ends what a collector began with a digest, once it was waited for long enough.
 *
 * @throws StorageError `locked` when its work cannot be ended by others and takes too long.
 */
export async function endAbandoned(
  takeOver: (digest: Digest) => Promise<unknown>,
  digest: Digest,
  waitedMs: number,
): Promise<void> {
  if (waitedMs < patienceMs) return;
  try {
    await takeOver(digest);
  } catch (error) {
    if (waitedMs >= longPatienceMs || !StorageError.isInstance(error, 'locked')) throw error;
  }
}
