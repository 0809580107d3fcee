import type { JsonValue, ModelStorageInfo, StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/**
 * Prints a result as the JSON that is stored.
 *
 * @throws StorageError `invalid-argument` for `NaN` and the infinities, which JSON would turn into `null`.
 */
export function printResult(value: JsonValue, backend: StorageBackend): Uint8Array {
  const refuseLoss = (name: string, part: unknown): unknown => {
    if (typeof part !== 'number' || Number.isFinite(part)) return part;
    throw new StorageError({
      code: 'invalid-argument',
      operation: 'save',
      backend,
      message: `The result holds ${part}${name === '' ? '' : ` under ${JSON.stringify(name)}`}, which JSON cannot say.`,
      hint: 'Write null or a text in its place.',
    });
  };
  return Buffer.from(`${JSON.stringify(value, refuseLoss)}\n`);
}

/**
 * Reads what {@link printResult} printed.
 *
 * @throws StorageError `invalid-argument` when the bytes are no JSON.
 */
export function parseResult(bytes: Uint8Array, info: ModelStorageInfo): JsonValue {
  try {
    return JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    ) as JsonValue;
  } catch (cause) {
    throw new StorageError({
      code: 'invalid-argument',
      operation: 'load',
      backend: info.storageBackend,
      key: info.storagePath,
      message: `The object ${info.storagePath} is not JSON: it was not saved as a result.`,
      cause,
    });
  }
}
