import { StorageError, type StoreMaintenance } from '@holdfast/ports';
import type { CollectedItem } from './collected-item.ts';

/** A full disk has no room for a copy of the index; what was collected is collected all the same. */
export async function* snapshotOf(
  storeName: string,
  maintenance: StoreMaintenance,
): AsyncIterable<CollectedItem> {
  try {
    await maintenance.snapshot();
  } catch (error) {
    if (!StorageError.isInstance(error, 'quota-exceeded')) throw error;
    const reason = 'its disk has no room for a new snapshot of its index; the older ones stay';
    yield { storeName, name: '', sizeBytes: 0, outcome: 'kept', reason };
  }
}
