import { resolve } from 'node:path';
import { AbstractStorageAdapter, assertOptions } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import { folderSpace } from '@holdfast/files';
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
  StorageSpace,
  StoreMaintenance,
  TransactionOperation,
  TransactionOptions,
} from '@holdfast/ports';
import { type FilesystemStorageAdapterOptions, openLayout } from './open-layout.ts';
import type { StorageLayout } from './storage-layout.ts';
import { toStorageError } from './to-storage-error.ts';

/**
 * Verified storage in a folder. In the store layout: immutable files for bytes, an SQLite index for what they mean.
 *
 * Every write is on the disk when it is acknowledged, whole or not at all; conditions hold across processes;
 * listings are sorted by the keys' UTF-8 bytes. Keys never become paths, so none can leave the folder.
 * Any number of processes on one machine may use a store at once.
 *
 * In the plain layout the files are the objects, for folders that are there already and that other programs use too:
 * no metadata, no conditions but creating, and no checksums that are kept.
 */
export class FilesystemStorageAdapter extends AbstractStorageAdapter {
  readonly backend: StorageBackend = StorageBackend.LocalFilesystem;
  readonly capabilities: StorageCapabilities;
  declare readonly maintenance?: StoreMaintenance;
  /** The store's folder, absolute. */
  readonly root: string;
  readonly #layout: StorageLayout;

  /** @throws StorageError `invalid-configuration` when an option means nothing in the layout. */
  constructor(options: FilesystemStorageAdapterOptions) {
    super();
    assertOptions(options, {
      backend: this.backend,
      example: "new FilesystemStorageAdapter({ root: './store' })",
      texts: ['root'],
    });
    this.root = resolve(options.root);
    this.#layout = openLayout(this.root, options);
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

  protected override measureSpace(): Promise<StorageSpace> {
    return folderSpace(this.root);
  }

  protected override close(): Promise<void> {
    return this.#layout.close();
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toStorageError(error, context);
  }
}
