import { StorageError } from '@holdfast/ports';

/**
 * Makes sure that a service is made with its stores, for callers without types.
 *
 * @throws StorageError `invalid-configuration` that shows how it is made.
 */
export function assertStores(options: unknown): void {
  const adapters = (options as { readonly adapters?: unknown } | undefined)?.adapters;
  const isRecord = typeof adapters === 'object' && adapters !== null && !('capabilities' in adapters);
  if (isRecord) return;
  throw new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    message: 'A StorageService must be made with its adapters by the names of their stores.',
    hint: 'Write new StorageService({ adapters: { default: adapter } }).',
  });
}
