import type { Cancellable, StorageAdapter, StorageCondition } from '@holdfast/ports';

/**
 * Finds out which of the declared conditions a store does not decide: a server may ignore or refuse what its protocol
 * promises. Asks the server once per adapter, by writing and deleting a probe; `capabilities` no longer declares them
 * from then on.
 *
 * @throws StorageError when the store cannot be reached or written to.
 */
export async function probeConditions(
  adapter: StorageAdapter,
  options: Cancellable = {},
): Promise<readonly StorageCondition[]> {
  return (await adapter.proveConditions?.(options)) ?? [];
}
