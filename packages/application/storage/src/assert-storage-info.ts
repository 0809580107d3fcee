import { StorageError } from '@holdfast/ports';

/**
 * Makes sure that a value says where an object is stored, for callers without types.
 *
 * @throws StorageError `invalid-argument` that says what to pass instead.
 */
export function assertStorageInfo(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'storagePath' in value && 'checksum' in value) return;
  throw new StorageError({
    code: 'invalid-argument',
    operation: 'load',
    message: `An object is loaded by the ModelStorageInfo that save returned (got ${typeof value === 'string' ? JSON.stringify(value) : String(value)}).`,
    hint: 'Keep what save returned; ModelStorageInfo.of(JSON.parse(text)) makes it again from JSON.',
  });
}
