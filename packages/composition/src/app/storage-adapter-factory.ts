import type { ModelStorageInfo, StorageBackend } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { type Opener, ResourceOwner } from './resource-owner.ts';

/** A store as it is declared: its backend, and whatever that backend needs to know. */
export interface StoreDeclaration {
  readonly backend: StorageBackend;
}

/** Makes the adapter of a store from its declaration. */
export type StorageAdapterMaker<Declaration extends StoreDeclaration = StoreDeclaration> = (
  declaration: Declaration,
) => StorageAdapter | Promise<StorageAdapter>;

interface RegisteredStore {
  readonly backend: StorageBackend;
  readonly open: Opener<StorageAdapter>;
}

/**
 * Makes the adapters of stores: each when it is first asked for, and once, however many ask.
 *
 * Backends say how, stores say what: two buckets are one backend and two stores. Disposing the factory disposes
 * the adapters that were made, the last one first.
 */
export class StorageAdapterFactory implements AsyncDisposable {
  readonly #makers = new Map<StorageBackend, StorageAdapterMaker>();
  readonly #stores = new Map<string, RegisteredStore>();
  readonly #owner = new ResourceOwner();

  /** The registered backends, in their order. */
  get backends(): readonly StorageBackend[] {
    return [...this.#makers.keys()];
  }

  /** The names of the registered stores, in their order. */
  get storeNames(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /**
   * Registers how the adapters of a backend are made; one of your own is named `x-…`.
   *
   * @throws StorageError `invalid-configuration` when the backend is registered already.
   */
  registerBackend<Declaration extends StoreDeclaration>(
    backend: Declaration['backend'],
    make: StorageAdapterMaker<Declaration>,
  ): this {
    if (this.#makers.has(backend)) throw refusal(backend, `The backend ${backend} is registered already.`);
    this.#makers.set(backend, make as StorageAdapterMaker);
    return this;
  }

  /**
   * Registers a store. Its backend may be registered later, before the store is used.
   *
   * @throws StorageError `invalid-configuration` when there is a store of this name.
   */
  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- a literal may have the fields of its backend
  registerStore<Declaration extends StoreDeclaration>(name: string, declaration: Declaration): this {
    const { backend } = declaration;
    if (this.#stores.has(name))
      throw refusal(backend, `There is a store named ${JSON.stringify(name)} already.`);
    const open = this.#owner.lazily(async () => this.#makerOf(backend)(declaration), {
      own: (adapter) => adapter,
    });
    this.#stores.set(name, { backend, open });
    return this;
  }

  /**
   * The adapter that holds an object: the one of its store, or of its backend's only store where it names none.
   *
   * @throws StorageError as {@link StorageAdapterFactory.createForStore} and
   *   {@link StorageAdapterFactory.createForBackend} do.
   */
  create(info: Pick<ModelStorageInfo, 'storageBackend' | 'storeName'>): Promise<StorageAdapter> {
    return info.storeName === undefined
      ? this.createForBackend(info.storageBackend)
      : this.createForStore(info.storeName);
  }

  /**
   * The adapter of a store.
   *
   * @throws StorageError `invalid-configuration` listing the registered stores, or backends, when there is none.
   */
  async createForStore(name: string): Promise<StorageAdapter> {
    const store = this.#stores.get(name);
    if (store !== undefined) return store.open();
    const hint = `Registered stores: ${this.storeNames.join(', ') || 'none'}.`;
    throw refusal('memory', `There is no store named ${JSON.stringify(name)}.`, hint);
  }

  /**
   * The adapter of the one store that has a backend.
   *
   * @throws StorageError `invalid-configuration` listing the registered backends when this is none of them,
   *   or the stores when several have it, or none.
   */
  async createForBackend(backend: StorageBackend): Promise<StorageAdapter> {
    this.#makerOf(backend);
    const found = [...this.#stores].filter(([, store]) => store.backend === backend);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only[1].open();
    const count = found.length === 0 ? 'No store has' : 'Several stores have';
    const names = found.length === 0 ? this.storeNames : found.map(([name]) => name);
    throw refusal(
      backend,
      `${count} the backend ${backend}.`,
      `Name one of the stores: ${names.join(', ') || 'none'}.`,
    );
  }

  /** Waits for adapters that are being made, then disposes all, the last one first; once, however often it is called. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#owner[Symbol.asyncDispose]();
  }

  #makerOf(backend: StorageBackend): StorageAdapterMaker {
    const make = this.#makers.get(backend);
    if (make !== undefined) return make;
    const hint = `Registered backends: ${this.backends.join(', ') || 'none'}.`;
    throw refusal(backend, `There is no adapter for the backend ${backend}.`, hint);
  }
}

function refusal(backend: StorageBackend, message: string, hint?: string): StorageError {
  return new StorageError({
    code: 'invalid-configuration',
    operation: 'create the adapter',
    backend,
    message,
    hint,
  });
}
