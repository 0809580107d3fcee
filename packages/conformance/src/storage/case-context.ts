import { AssertionError } from 'node:assert';
import type { StorageAdapter, StorageCapabilities } from '@holdfast/ports';
import type { StorageHarness, StoreUnderTest } from './storage-harness.ts';

/** What one case works with: an empty store and handles to it. */
export class CaseContext implements AsyncDisposable {
  /** The first handle. */
  readonly adapter: StorageAdapter;
  readonly capabilities: StorageCapabilities;
  readonly borderSizesBytes: readonly number[];
  readonly keepsBytesInProcess: boolean;
  readonly #harness: StorageHarness;
  readonly #store: StoreUnderTest;
  readonly #handles: StorageAdapter[];

  private constructor(harness: StorageHarness, store: StoreUnderTest, adapter: StorageAdapter) {
    this.adapter = adapter;
    this.capabilities = harness.capabilities;
    this.borderSizesBytes = harness.borderSizesBytes ?? [];
    this.keepsBytesInProcess = harness.keepsBytesInProcess ?? false;
    this.#harness = harness;
    this.#store = store;
    this.#handles = [adapter];
  }

  /** Makes an empty store and opens it. */
  static async create(harness: StorageHarness): Promise<CaseContext> {
    const store = await harness.createStore();
    return new CaseContext(harness, store, await store.open());
  }

  /** Opens another handle to the same store. */
  readonly open = async (): Promise<StorageAdapter> => {
    const adapter = await this.#store.open();
    this.#handles.push(adapter);
    return adapter;
  };

  /** Opens a store that is not there. Rejects when the adapter already notices. */
  readonly openMissing = async (): Promise<StorageAdapter> => {
    const adapter = await this.#harness.openMissing?.();
    if (adapter === undefined)
      throw new AssertionError({ message: 'The harness cannot open a missing store.' });
    this.#handles.push(adapter);
    return adapter;
  };

  /** Disposes all handles, then removes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle[Symbol.asyncDispose]()));
    await this.#store.remove?.();
  }
}
