import { type Cancellable, type RebuildReport, type StorageAdapter, StorageError } from '@holdfast/ports';
import { claimKey } from '../fence/claim-document.ts';

/**
 * Makes the records of a store anew where they are lost or damaged as a whole.
 *
 * @returns what was made of it; `undefined` when there was nothing to mend.
 */
export async function mendStore(
  adapter: StorageAdapter,
  options: Cancellable,
): Promise<RebuildReport | undefined> {
  if (adapter.maintenance === undefined || !(await hasLostRecords(adapter, options))) return undefined;
  return adapter.maintenance.rebuild(options);
}

async function hasLostRecords(adapter: StorageAdapter, options: Cancellable): Promise<boolean> {
  try {
    await adapter.head(claimKey, options);
    for await (const { key } of adapter.maintenance?.checkRecords(options) ?? []) return key === undefined;
    return false;
  } catch (error) {
    if (StorageError.isInstance(error, 'corrupt')) return true;
    throw error;
  }
}
