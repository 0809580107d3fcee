import type { ObjectKey } from '@holdfast/domain';
import { type ObjectInfo, type StorageAdapter, StorageError } from '@holdfast/ports';

/**
 * The state of an object that is to be deleted. That of one whose bytes are lost is in the listing still;
 * what has no state anywhere cannot be deleted conditionally, and so not at all.
 */
export async function deletableState(
  adapter: StorageAdapter,
  key: ObjectKey,
): Promise<ObjectInfo | StorageError | undefined> {
  try {
    return await adapter.head(key);
  } catch (error) {
    if (!StorageError.isInstance(error, 'corrupt')) throw error;
    for await (const { objects } of adapter.list({ prefix: key, pageSize: 1 })) {
      const listed = objects.find((object) => object.key === key);
      if (listed !== undefined) return listed;
    }
    return error;
  }
}
