import type { ObjectKey, StorageBackend } from '@holdfast/domain';
import type { ByteSource } from './byte-source.ts';
import type { ObjectInfo, ObjectReader } from './object-info.ts';
import type {
  Cancellable,
  CheckOptions,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  DeleteTarget,
  GetOptions,
  HeadOptions,
  LateKey,
  ListOptions,
  PresignOptions,
  PresignedRequest,
  PutOptions,
} from './operation-options.ts';
import type { StorageCapabilities, StorageCondition } from './storage-capabilities.ts';
import type { StorageSpace } from './storage-space.ts';
import type { StoreMaintenance } from './store-maintenance.ts';
import type { TransactionOperation, TransactionOptions } from './transaction-operation.ts';

/** Some of the entries of a listing: a snapshot of its own. */
export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Folded keys, each ending with the delimiter. */
  readonly prefixes: readonly string[];
}

/**
 * What every backend promises. Drivers move bytes; everything else is built on top, once.
 *
 * Every failure is a `StorageError`. An option that a backend cannot honour is refused with `unsupported`
 * before any I/O, never dropped. Memory is bounded whatever an object's size.
 */
export interface StorageAdapter extends AsyncDisposable {
  readonly backend: StorageBackend;
  readonly capabilities: StorageCapabilities;
  /** The upkeep of the store, where its backend needs any. */
  readonly maintenance?: StoreMaintenance | undefined;

  /**
   * Writes the whole object or nothing; no reader ever sees a part of it.
   * Cancelled or failed, it leaves the old object. Conditions are decided by the backend.
   *
   * @throws StorageError `already-exists` or `precondition-failed` by its mode, `size-mismatch` and `checksum-mismatch`
   *   when the bytes are not the announced ones, `quota-exceeded` when there is no room,
   *   `indeterminate` when it cannot be told whether it happened.
   */
  put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo>;

  /**
   * Opens an object, or answers `undefined` when there is none.
   *
   * @throws StorageError `precondition-failed`, `not-modified` or `range-not-satisfiable` by its options,
   *   `corrupt` when the object is known but its bytes are gone.
   */
  get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined>;

  /** What is known of an object, or `undefined` when there is none. */
  head(key: ObjectKey, options?: HeadOptions): Promise<ObjectInfo | undefined>;

  /** Deletes each target on its own: one refusal does not stop the others. Results come in the targets' order. */
  delete(targets: readonly DeleteTarget[], options?: DeleteOptions): Promise<readonly DeleteResult[]>;

  /**
   * Lists objects page by page, complete past any page size, sorted where `capabilities.listOrder` says so,
   * without unfinished uploads. Each page is a snapshot of its own; what changes between pages may or may not show.
   */
  list(options?: ListOptions): AsyncIterable<ListPage>;

  /**
   * Copies an object inside the store; the two are independent afterwards.
   *
   * @throws StorageError `not-found` without the source, `already-exists` or `precondition-failed` by its mode.
   */
  copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<ObjectInfo>;

  /**
   * Does all operations or none, visible at once; where `capabilities.transactions`.
   *
   * @returns the infos of the puts, in their order.
   */
  transaction?(
    operations: readonly TransactionOperation[],
    options?: TransactionOptions,
  ): Promise<readonly ObjectInfo[]>;

  /** Makes a request that somebody without credentials can send; where the capabilities say so. */
  presign?(key: ObjectKey, options: PresignOptions): Promise<PresignedRequest>;

  /**
   * The path of a local file with the object's bytes, valid until the object is replaced or deleted, never to be
   * written to; where `capabilities.localPath`. `undefined` when there is no such object.
   */
  localPath?(key: ObjectKey): Promise<string | undefined>;

  /**
   * Whether the store can be reached, and written to if asked. Returns when it can.
   *
   * @throws StorageError saying why not; never waits longer than its timeout.
   */
  check(options?: CheckOptions): Promise<void>;

  /**
   * Finds out, by writing and deleting a probe, whether the server decides the conditions that `capabilities` declare:
   * one that speaks the protocol of another may ignore or refuse them. Asks once. Absent where the adapter itself decides.
   *
   * @returns those that it does not decide; they are no longer declared, and rejected with `unsupported`.
   * @throws StorageError when the store cannot be reached or written to.
   */
  proveConditions?(options?: Cancellable): Promise<readonly StorageCondition[]>;

  /**
   * How much room there is: of the disk, or below the limit that a server was given. `undefined` where there is no end
   * to it, or where it cannot be told truthfully. Makes nothing.
   */
  space?(options?: Cancellable): Promise<StorageSpace | undefined>;
}
