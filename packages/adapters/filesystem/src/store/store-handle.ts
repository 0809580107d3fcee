import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type ObjectStore, type OpenStoreOptions, openOrMakeStore, openStore } from './object-store.ts';

export interface StoreHandleOptions extends OpenStoreOptions {
  /** Whether a missing store is made by the first write. */
  readonly createIfMissing: boolean;
}

/** Opens a store when it is first needed, once for all who ask, and again when that failed. */
export class StoreHandle {
  readonly #options: StoreHandleOptions;
  #store: ObjectStore | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StoreHandleOptions) {
    this.#options = options;
  }

  /**
   * The store, or `undefined` where there is none yet and one may be made.
   *
   * @throws StorageError `not-found` where there is none and none may be made.
   */
  async find(): Promise<ObjectStore | undefined> {
    const store = this.#store ?? (await this.#inTurn(openStore));
    if (store !== undefined || this.#options.createIfMissing) return store;
    throw new StorageError({
      code: 'not-found',
      operation: 'open',
      backend: StorageBackend.LocalFilesystem,
      message: `There is no store in ${this.#options.root}.`,
      hint: 'Check the path, or let the store be made there.',
    });
  }

  /** The store, made if need be. */
  async make(): Promise<ObjectStore> {
    return (await this.find()) ?? ((await this.#inTurn(openOrMakeStore)) as ObjectStore);
  }

  /** Closes the store; whoever needs it next opens it anew, as after its index was exchanged. */
  async reopen(): Promise<void> {
    await this.#turn;
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#store?.close();
  }

  #inTurn(
    open: (options: OpenStoreOptions) => Promise<ObjectStore | undefined>,
  ): Promise<ObjectStore | undefined> {
    const opened = this.#turn.then(async () => {
      this.#store ??= await open(this.#options);
      return this.#store;
    });
    this.#turn = opened.catch(() => undefined);
    return opened;
  }
}
