import type { UtcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { StoreFailure } from './store-health.ts';

/** What can be told of anything that an adapter has thrown. */
export function describeStoreFailure(error: unknown, at: UtcTimestamp): StoreFailure {
  if (!StorageError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'unexpected', message, at };
  }
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }), at };
}
