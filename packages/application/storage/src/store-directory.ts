import { type StorageAdapter, StorageError } from '@holdfast/ports';

/** The stores of a service by name, and their end. */
export class StoreDirectory implements AsyncDisposable {
  readonly defaultName: string;
  readonly #adapters: ReadonlyMap<string, StorageAdapter>;

  /** @throws StorageError `invalid-configuration` when there is no store, or none of the default's name. */
  constructor(adapters: Readonly<Record<string, StorageAdapter>>, defaultName: string | undefined) {
    this.#adapters = new Map(Object.entries(adapters));
    this.defaultName = defaultName ?? (this.#adapters.has('default') ? 'default' : (this.names[0] ?? ''));
    this.find(this.defaultName);
  }

  get names(): readonly string[] {
    return [...this.#adapters.keys()];
  }

  /** @throws StorageError `invalid-configuration` listing the stores when there is none of this name. */
  find(name: string = this.defaultName): StorageAdapter {
    const adapter = this.#adapters.get(name);
    if (adapter !== undefined) return adapter;
    throw new StorageError({
      code: 'invalid-configuration',
      operation: 'find the store',
      message: `There is no store named ${JSON.stringify(name)}.`,
      hint: this.names.length === 0 ? 'Configure a store.' : `Configured stores: ${this.names.join(', ')}.`,
    });
  }

  /** Disposes every adapter, the last one first, also when one fails; the first failure is thrown then. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const adapter of [...this.#adapters.values()].toReversed()) {
      try {
        await adapter[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
