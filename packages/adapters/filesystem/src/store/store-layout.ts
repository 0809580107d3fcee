import { resolveRange, retryWhileBusy } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend, maximumKeyBytes } from '@holdfast/domain';
import { isMissing } from '@holdfast/files';
import {
  type ByteSource,
  type CheckOptions,
  type CopyOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type LateKey,
  type ListOptions,
  type ListPage,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  type PutOptions,
  type StorageCapabilities,
  StorageError,
  type StoreMaintenance,
  type TransactionOperation,
  type TransactionOptions,
} from '@holdfast/ports';
import { FileReader } from '../file/file-reader.ts';
import { ReadableFile } from '../file/readable-file.ts';
import { assertReadable } from '../read-condition.ts';
import type { StorageLayout } from '../storage-layout.ts';
import { assertWritable } from './assert-writable.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import { InlineReader } from './inline-reader.ts';
import { listPages } from './list-pages.ts';
import { StoreUpkeep } from './maintenance/store-upkeep.ts';
import type { FoundObject, ObjectIndex } from './object-index.ts';
import { type ObjectRecord, toObjectInfo } from './object-record.ts';
import type { ObjectStore } from './object-store.ts';
import { probeStore } from './probe-store.ts';
import { StoreHandle, type StoreHandleOptions } from './store-handle.ts';
import { StoreOperations } from './store-operations.ts';

export interface StoreLayoutOptions extends StoreHandleOptions {
  readonly inlineLimitBytes: number;
}

const backend = StorageBackend.LocalFilesystem;

/** Files for bytes, an SQLite index for what they mean. */
export class StoreLayout implements StorageLayout {
  readonly capabilities: StorageCapabilities = storeCapabilities;
  readonly maintenance: StoreMaintenance;
  readonly #options: StoreLayoutOptions;
  readonly #handle: StoreHandle;

  constructor(options: StoreLayoutOptions) {
    this.#options = options;
    this.#handle = new StoreHandle(options);
    this.maintenance = new StoreUpkeep(this.#handle, options);
  }

  async put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions): Promise<ObjectInfo> {
    return this.#operations(await this.#handle.make(), 'put').put(key, body, options);
  }

  async get(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const store = await this.#handle.find();
    return store === undefined ? undefined : this.#openObject(store, key, options);
  }

  async head(key: ObjectKey): Promise<ObjectInfo | undefined> {
    const store = await this.#handle.find();
    return store === undefined ? undefined : this.#statObject(store, key);
  }

  async delete(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]> {
    const store = await this.#handle.find();
    if (store === undefined) return targets.map(({ key }) => ({ key, outcome: 'absent' }));
    return this.#operations(store, 'delete').delete(targets);
  }

  async *list(options: ListOptions): AsyncIterable<ListPage> {
    const store = await this.#handle.find();
    if (store !== undefined) yield* listPages((read) => this.#read(store, read), options);
  }

  async copy(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    return this.#operations(await this.#handle.make(), 'copy').copy(from, to, options);
  }

  async transact(
    operations: readonly TransactionOperation[],
    options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    return this.#operations(await this.#handle.make(), 'transaction').transact(operations, options.signal);
  }

  async localPath(key: ObjectKey): Promise<string | undefined> {
    const store = await this.#handle.find();
    if (store === undefined) return undefined;
    const record = await this.#read(store, (index) => index.find(key));
    if (record === undefined) return undefined;
    if (record.dataId !== null) return store.data.pathOf(record.dataId);
    return this.#operations(store, 'localPath').giveFile(key);
  }

  async check(options: CheckOptions): Promise<void> {
    await probeStore(await this.#handle.find(), { ...options, root: this.#options.root });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** @throws StorageError `permission-denied` where the store can only be read. */
  #operations(store: ObjectStore, operation: string): StoreOperations {
    assertWritable(store, { operation, root: this.#options.root });
    return new StoreOperations(store, this.#options);
  }

  async #read<T>(store: ObjectStore, read: (index: ObjectIndex) => T): Promise<T> {
    await eventLoopTurn();
    return retryWhileBusy(() => read(store.index), this.#options);
  }

  /** Looks also whether the bytes are there, so that nobody relies on a record alone. */
  async #statObject(
    store: ObjectStore,
    key: ObjectKey,
    missing?: ObjectRecord,
  ): Promise<ObjectInfo | undefined> {
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
    options: GetOptions & { readonly missing?: FoundObject },
  ): Promise<ObjectReader | undefined> {
    const found = await this.#read(store, (index) => index.findWithBody(key));
    if (found === undefined) return undefined;
    const { record, body } = found;
    const context: OperationContext = { operation: 'get', backend, key };
    const info = toObjectInfo(record);
    assertReadable(info, options, context);
    const range = resolveRange(options.range, record.sizeBytes, context);
    if (record.dataId === null) return new InlineReader(body ?? new Uint8Array(), info, range);
    if (record.etag === options.missing?.record.etag) throw lostBytes(context);
    try {
      return new FileReader(await ReadableFile.open(store.data.pathOf(record.dataId)), info, { range });
    } catch (error) {
      if (!isMissing(error)) throw error;
      return this.#openObject(store, key, { ...options, missing: found });
    }
  }
}

const storeCapabilities: StorageCapabilities = {
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

function lostBytes(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'corrupt',
    message: `The bytes of ${JSON.stringify(context.key)} are lost: its data file is missing or has another size.`,
    hint: 'Put the object again, or restore the store from a backup.',
  });
}
