import { type ObjectKey, parseObjectKey } from '@holdfast/domain';
import type { ObjectInfo, PutOptions, StorageAdapter } from '@holdfast/ports';

/** The key that a text is. */
export function objectKey(text: string): ObjectKey {
  return parseObjectKey(text);
}

/** Puts a small object whose bytes are its key. */
export function putSample(
  adapter: StorageAdapter,
  key: ObjectKey,
  options?: PutOptions,
): Promise<ObjectInfo> {
  return adapter.put(key, Buffer.from(key), options);
}

/** Puts many small objects, a few at a time. */
export async function putSamples(adapter: StorageAdapter, keys: readonly string[]): Promise<void> {
  const waiting = keys.map((key) => objectKey(key));
  const worker = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await putSample(adapter, key);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
