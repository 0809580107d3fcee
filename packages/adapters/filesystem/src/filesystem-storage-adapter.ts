import { resolve } from 'node:path';
import { AbstractStorageAdapter, type FolderMedium } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import type {
  ByteSource,
  CheckOptions,
  CopyOptions,
  DeleteResult,
  DeleteTarget,
  GetOptions,
  LateKey,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectReader,
  OperationContext,
  PutOptions,
  StorageCapabilities,
  StorageError,
  StoreMaintenance,
  TransactionOperation,
  TransactionOptions,
} from '@holdfast/ports';
import { Durability, type StorageLayout } from './storage-layout.ts';
import { StoreLayout } from './store/store-layout.ts';
import { toStorageError } from './to-storage-error.ts';

export interface FilesystemStorageAdapterOptions {
  /** The store's folder. Made by the first write, unless `createIfMissing` is false. */
  readonly root: string;
  /** Whether a missing store reads as empty and is made by the first write; else it is `not-found`. @default true */
  readonly createIfMissing?: boolean;
  /** When a write is on the disk. @default 'full' */
  readonly durability?: Durability;
  /** Objects up to this size lie in the index, larger ones in files of their own. @default 16384 */
  readonly inlineLimitBytes?: number;
  /** How long a write waits for other processes that write. @default 30000 */
  readonly busyTimeoutMs?: number;
  /**
   * What the folder lies on. In a network folder the index gets a rollback journal and belongs to one host, the first.
   * @default what `statfs` tells on Linux, else `local`
   */
  readonly medium?: FolderMedium;
}

/**
 * Verified storage in a folder: immutable files for bytes, an SQLite index for what they mean.
 *
 * Every write is on the disk when it is acknowledged, whole or not at all; conditions hold across processes;
 * listings are sorted by the keys' UTF-8 bytes. Keys never become paths, so none can leave the folder.
 * Any number of processes on one machine may use a store at once.
 */
export class FilesystemStorageAdapter extends AbstractStorageAdapter {
  readonly backend: StorageBackend = StorageBackend.LocalFilesystem;
  readonly capabilities: StorageCapabilities;
  declare readonly maintenance?: Required<StoreMaintenance>;
  /** The store's folder, absolute. */
  readonly root: string;
  readonly #layout: StorageLayout;

  constructor(options: FilesystemStorageAdapterOptions) {
    super();
    this.root = resolve(options.root);
    this.#layout = new StoreLayout({
      root: this.root,
      createIfMissing: options.createIfMissing ?? true,
      durability: options.durability ?? Durability.Full,
      inlineLimitBytes: options.inlineLimitBytes ?? 16_384,
      busyTimeoutMs: options.busyTimeoutMs ?? 30_000,
      medium: options.medium,
    });
    this.capabilities = this.#layout.capabilities;
    const { maintenance } = this.#layout;
    if (maintenance !== undefined) this.maintenance = maintenance;
  }

  protected override putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions,
  ): Promise<ObjectInfo> {
    return this.#layout.put(key, body, options);
  }

  protected override getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    return this.#layout.get(key, options);
  }

  protected override headObject(key: ObjectKey): Promise<ObjectInfo | undefined> {
    return this.#layout.head(key);
  }

  protected override deleteObjects(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]> {
    return this.#layout.delete(targets);
  }

  protected override listPages(options: ListOptions): AsyncIterable<ListPage> {
    return this.#layout.list(options);
  }

  protected override copyObject(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    return this.#layout.copy(from, to, options);
  }

  protected override transact(
    operations: readonly TransactionOperation[],
    options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    return this.#layout.transact(operations, options);
  }

  protected override localPathOf(key: ObjectKey): Promise<string | undefined> {
    return this.#layout.localPath(key);
  }

  protected override checkStore(options: CheckOptions): Promise<void> {
    return this.#layout.check(options);
  }

  protected override close(): Promise<void> {
    return this.#layout.close();
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toStorageError(error, context);
  }
}
