import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AbstractStorageAdapter, resolveRange } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend, maximumKeyBytes } from '@holdfast/domain';
import { type ByteSource, type CheckOptions, type CopyOptions, type DeleteResult, type DeleteTarget, type GetOptions, type LateKey, type ListOptions, type ListPage, type ObjectInfo, type ObjectReader, type OperationContext, type PutOptions, type StorageCapabilities, StorageError, type TransactionOperation, type TransactionOptions } from '@holdfast/ports';
import { eventLoopTurn } from './store/event-loop-turn.ts';
import { FileReader } from './store/file-reader.ts';
import { InlineReader } from './store/inline-reader.ts';
import { listPages } from './store/list-pages.ts';
import type { FoundObject, ObjectIndex } from './store/object-index.ts';
import { type ObjectRecord, toObjectInfo } from './store/object-record.ts';
import { type ObjectStore, openOrMakeStore, openStore } from './store/object-store.ts';
import { probeStore } from './store/probe-store.ts';
import { assertReadable } from './store/read-condition.ts';
import { retryWhileBusy } from './store/retry-while-busy.ts';
import { StoreOperations } from './store/store-operations.ts';
import { isMissing, toStorageError } from './store/to-storage-error.ts';

export interface FilesystemStorageAdapterOptions {
  /** The store's folder. Made by the first write, unless `createIfMissing` is false. */
  readonly root: string;
  /** Whether a missing store reads as empty and is made by the first write; else it is `not-found`. @default true */
  readonly createIfMissing?: boolean;
  /** Objects up to this size lie in the index, larger ones in files of their own. @default 16384 */
  readonly inlineLimitBytes?: number;
  /** How long a write waits for other processes that write. @default 30000 */
  readonly busyTimeoutMs?: number;
}

const backend = StorageBackend.LocalFilesystem;

/**
 * Verified storage in a folder: immutable files for bytes, an SQLite index for what they mean.
 *
 * Every write is on the disk when it is acknowledged, whole or not at all; conditions hold across processes;
 * listings are sorted by the keys' UTF-8 bytes. Keys never become paths, so none can leave the folder.
 * Any number of processes on one machine may use a store at once.
 */
export class FilesystemStorageAdapter extends AbstractStorageAdapter {
  readonly backend: StorageBackend = backend;
  readonly capabilities: StorageCapabilities = {
    createIfAbsent: true,
    replaceIfMatch: true,
    deleteIfMatch: true,
    conditionalCopy: true,
    lateKey: true,
    ranges: true,
    suffixRanges: true,
    userMetadata: true,
    contentType: true,
    versions: false,
    listOrder: 'bytewise',
    delimiters: true,
    startAfter: true,
    presignGet: false,
    presignPut: false,
    transactions: true,
    localPath: true,
    maximumSizeBytes: Number.MAX_SAFE_INTEGER,
    maximumKeyBytes,
  };
  /** The store's folder, absolute. */
  readonly root: string;
  readonly #createIfMissing: boolean;
  readonly #inlineLimitBytes: number;
  readonly #busyTimeoutMs: number;
  #opening: Promise<ObjectStore | undefined> | undefined;

  constructor(options: FilesystemStorageAdapterOptions) {
    super();
    this.root = resolve(options.root);
    this.#createIfMissing = options.createIfMissing ?? true;
    this.#inlineLimitBytes = options.inlineLimitBytes ?? 16_384;
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 30_000;
  }

  protected override async putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions,
  ): Promise<ObjectInfo> {
    return (await this.#operations()).put(key, body, options);
  }

  protected override async getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const store = await this.#openForReading();
    if (store === undefined) return undefined;
    return this.#openObject(store, key, options);
  }

  protected override async headObject(key: ObjectKey): Promise<ObjectInfo | undefined> {
    const store = await this.#openForReading();
    return store === undefined ? undefined : this.#statObject(store, key);
  }

  protected override async deleteObjects(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]> {
    const store = await this.#openForReading();
    if (store === undefined) return targets.map(({ key }) => ({ key, outcome: 'absent' }));
    return new StoreOperations(store, this.#limits).delete(targets);
  }

  protected override async *listPages(options: ListOptions): AsyncIterable<ListPage> {
    const store = await this.#openForReading();
    if (store === undefined) return;
    yield* listPages((read) => this.#read(store, read), options);
  }

  protected override async copyObject(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    return (await this.#operations()).copy(from, to, options);
  }

  protected override async transact(
    operations: readonly TransactionOperation[],
    options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    return (await this.#operations()).transact(operations, options.signal);
  }

  protected override async localPathOf(key: ObjectKey): Promise<string | undefined> {
    const store = await this.#openForReading();
    return store === undefined ? undefined : new StoreOperations(store, this.#limits).giveFile(key);
  }

  protected override async checkStore(options: CheckOptions): Promise<void> {
    const store = await this.#openForReading();
    await probeStore(store, { ...options, root: this.root });
  }

  protected override async close(): Promise<void> {
    const store = await this.#opening?.catch(() => undefined);
    store?.index[Symbol.dispose]();
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toStorageError(error, context);
  }

  get #limits(): { readonly inlineLimitBytes: number } {
    return { inlineLimitBytes: this.#inlineLimitBytes };
  }

  async #operations(): Promise<StoreOperations> {
    return new StoreOperations(await this.#openForWriting(), this.#limits);
  }

  async #read<T>(store: ObjectStore, read: (index: ObjectIndex) => T): Promise<T> {
    await eventLoopTurn();
    return retryWhileBusy(() => read(store.index), this.#busyTimeoutMs);
  }

  /** Looks also whether the bytes are there, so that nobody relies on a record alone. */
  async #statObject(store: ObjectStore, key: ObjectKey, missing?: ObjectRecord): Promise<ObjectInfo | undefined> {
    const record = await this.#read(store, (index) => index.find(key));
    if (record === undefined) return undefined;
    if (record.dataId === null) return toObjectInfo(record);
    const sizeBytes = await store.data.sizeOf(record.dataId);
    if (sizeBytes === record.sizeBytes) return toObjectInfo(record);
    if (sizeBytes === undefined && record.etag !== missing?.etag) return this.#statObject(store, key, record);
    throw lostBytes({ operation: 'head', backend, key });
  }

  /** Opens what a record points to. A file that is gone was replaced meanwhile, or the store is damaged. */
  async #openObject(
    store: ObjectStore,
    key: ObjectKey,
    options: GetOptions,
    missing?: FoundObject,
  ): Promise<ObjectReader | undefined> {
    const found = await this.#read(store, (index) => index.findWithBody(key));
    if (found === undefined) return undefined;
    const { record, body } = found;
    const context: OperationContext = { operation: 'get', backend, key };
    const info = toObjectInfo(record);
    assertReadable(info, options, context);
    const range = resolveRange(options.range, record.sizeBytes, context);
    if (record.dataId === null) return new InlineReader(body ?? new Uint8Array(), info, range);
    if (record.etag === missing?.record.etag) throw lostBytes(context);
    try {
      return new FileReader(await open(store.data.pathOf(record.dataId), 'r'), info, range);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return this.#openObject(store, key, options, found);
    }
  }

  /** The store, or `undefined` where it is not there yet and may be made. */
  async #openForReading(): Promise<ObjectStore | undefined> {
    this.#opening ??= openStore({ root: this.root, busyTimeoutMs: this.#busyTimeoutMs });
    const store = await this.#opening.catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    if (store !== undefined) return store;
    this.#opening = undefined;
    if (this.#createIfMissing) return undefined;
    throw new StorageError({
      code: 'not-found',
      operation: 'open',
      backend,
      message: `There is no store in ${this.root}.`,
      hint: 'Check the path, or let the store be made there.',
    });
  }

  async #openForWriting(): Promise<ObjectStore> {
    const existing = await this.#openForReading();
    if (existing !== undefined) return existing;
    const making = openOrMakeStore({ root: this.root, busyTimeoutMs: this.#busyTimeoutMs });
    this.#opening = making;
    return making.catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
  }
}

function lostBytes(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'corrupt',
    message: `The bytes of ${JSON.stringify(context.key)} are lost: its data file is missing or has another size.`,
    hint: 'Put the object again, or restore the store from a backup.',
  });
}
