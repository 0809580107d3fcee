import type { ObjectKey } from '@holdfast/domain';
import type { ObjectInfo } from '@holdfast/ports';
import type { BlockList } from './block-list.ts';
import { SortedKeys } from './sorted-keys.ts';

/** An object as it is kept: never changed, only replaced. */
export interface StoredObject {
  readonly info: ObjectInfo;
  readonly bytes: BlockList;
}

/**
 * The objects behind any number of {@link MemoryStorageAdapter}s: pass the same one to two adapters,
 * and both see the same store. It lives as long as somebody holds it.
 */
export class MemoryStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #keys = new SortedKeys();

  /** What is there now. */
  read(key: ObjectKey): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Puts an object in its place, seen by everybody at once. */
  write(object: StoredObject): void {
    const { key } = object.info;
    if (!this.#objects.has(key)) this.#keys.add(key);
    this.#objects.set(key, object);
  }

  /** Takes an object away. Who reads it keeps its bytes. */
  delete(key: ObjectKey): boolean {
    if (!this.#objects.delete(key)) return false;
    this.#keys.delete(key);
    return true;
  }

  /** The first object whose key passes a test that every later key passes too, in the order of the UTF-8 bytes. */
  first(isReached: (key: string) => boolean): StoredObject | undefined {
    const key = this.#keys.first(isReached);
    return key === undefined ? undefined : this.#objects.get(key);
  }
}
