import { randomUUID } from 'node:crypto';
import { AbstractStorageAdapter, maximumPageSize, MeteredSource } from '@holdfast/adapter-kit';
import { type Digest, type ObjectKey, StorageBackend, utcTimestamp } from '@holdfast/domain';
import {
  type ByteSource,
  type CheckOptions,
  type CopyOptions,
  type DeleteOptions,
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
  type TransactionOperation,
  type TransactionOptions,
} from '@holdfast/ports';
import { BlockList } from './block-list.ts';
import { checkCondition } from './check-condition.ts';
import { listStore } from './list-store.ts';
import { memoryCapabilities } from './memory-capabilities.ts';
import { MemoryStore, type StoredObject } from './memory-store.ts';
import { StoredObjectReader } from './stored-object-reader.ts';
import { toStorageError } from './to-storage-error.ts';

/** How a {@link MemoryStorageAdapter} is made. */
export interface MemoryStorageAdapterOptions {
  /** Where the objects are; adapters with the same store share them. @default a store of its own */
  readonly store?: MemoryStore | undefined;
  /** Tells the time, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** An object whose bytes are in and that nobody can see yet. */
interface Staged {
  readonly bytes: BlockList;
  readonly info: Omit<ObjectInfo, 'key'>;
  readonly digest: Digest;
}

/**
 * Objects in the memory of this process: complete, and gone with it. For tests, and for embedding where nothing
 * is to be kept. Bytes are copied on their way in and out; conditions and transactions are decided at once.
 */
export class MemoryStorageAdapter extends AbstractStorageAdapter {
  override readonly backend: StorageBackend = StorageBackend.Memory;
  override readonly capabilities: StorageCapabilities = memoryCapabilities;
  readonly #store: MemoryStore;
  readonly #now: () => number;

  constructor(options: MemoryStorageAdapterOptions = {}) {
    super();
    this.#store = options.store ?? new MemoryStore();
    this.#now = options.now ?? Date.now;
  }

  protected override async putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions,
  ): Promise<ObjectInfo> {
    const context = this.#context('put', typeof key === 'string' ? key : undefined);
    const staged = await this.#stage(body, options, context);
    const known = typeof key === 'string' ? key : await key(staged.digest, staged.info.sizeBytes);
    checkCondition(this.#store.read(known), options.mode ?? 'overwrite', { ...context, key: known });
    return this.#write(known, staged);
  }

  protected override async getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const object = this.#store.read(key);
    if (object === undefined) return undefined;
    const context = this.#context('get', key);
    const { ifMatch = object.info.etag, ifNoneMatch } = options;
    if (ifMatch !== object.info.etag) throw new StorageError({ ...context, code: 'precondition-failed' });
    if (ifNoneMatch === object.info.etag) throw new StorageError({ ...context, code: 'not-modified' });
    return new StoredObjectReader(object, options.range, context);
  }

  protected override async headObject(key: ObjectKey): Promise<ObjectInfo | undefined> {
    return this.#store.read(key)?.info;
  }

  protected override async deleteObjects(
    targets: readonly DeleteTarget[],
    _options: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    return targets.map((target) => this.#deleteOne(target));
  }

  protected override async *listPages(options: ListOptions): AsyncIterable<ListPage> {
    yield* listStore(this.#store, { ...options, pageSize: options.pageSize ?? maximumPageSize });
  }

  protected override async copyObject(
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions,
  ): Promise<ObjectInfo> {
    const source = this.#store.read(from);
    if (source === undefined) throw new StorageError({ ...this.#context('copy', from), code: 'not-found' });
    checkCondition(this.#store.read(to), options.mode ?? 'overwrite', this.#context('copy', to));
    const { key: _key, ...info } = source.info;
    const metadata = options.metadata === undefined ? info.metadata : frozenCopy(options.metadata);
    return this.#write(to, { bytes: source.bytes, info: { ...info, ...this.#newState(), metadata } });
  }

  protected override async transact(
    operations: readonly TransactionOperation[],
    options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    const staged = new Map<ObjectKey, Staged>();
    for (const operation of operations) {
      if (operation.kind === 'delete') continue;
      const context = this.#context('transaction', operation.key);
      staged.set(
        operation.key,
        await this.#stage(operation.body, { ...operation.options, ...options }, context),
      );
    }
    for (const operation of operations) this.#checkOperation(operation);
    for (const operation of operations) if (operation.kind === 'delete') this.#store.delete(operation.key);
    return Array.from(staged, ([key, object]) => this.#write(key, object));
  }

  protected override async checkStore(_options: CheckOptions): Promise<void> {}

  protected override async close(): Promise<void> {}

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toStorageError(error, context);
  }

  async #stage(body: ByteSource, options: PutOptions, context: OperationContext): Promise<Staged> {
    const source = new MeteredSource(body, options, context);
    const bytes = new BlockList();
    for await (const chunk of source) bytes.append(chunk);
    bytes.seal();
    const { digest, sizeBytes } = source.finish();
    const { contentType, metadata = {} } = options;
    const info = {
      sizeBytes,
      ...this.#newState(),
      checksum: digest,
      ...(contentType === undefined ? {} : { contentType }),
      metadata: frozenCopy(metadata),
    };
    return { bytes, info, digest };
  }

  #write(key: ObjectKey, { bytes, info }: Omit<Staged, 'digest'>): ObjectInfo {
    const object: StoredObject = { bytes, info: Object.freeze({ key, ...info }) };
    this.#store.write(object);
    return object.info;
  }

  #newState(): Pick<ObjectInfo, 'etag' | 'lastModified'> {
    return { etag: randomUUID(), lastModified: utcTimestamp(this.#now()) };
  }

  #deleteOne({ key, ifMatch }: DeleteTarget): DeleteResult {
    const present = this.#store.read(key);
    if (present === undefined) return { key, outcome: 'absent' };
    if (ifMatch !== undefined && present.info.etag !== ifMatch) {
      return {
        key,
        error: new StorageError({ ...this.#context('delete', key), code: 'precondition-failed' }),
      };
    }
    this.#store.delete(key);
    return { key, outcome: 'deleted' };
  }

  #checkOperation(operation: TransactionOperation): void {
    const { kind, key } = operation;
    const ifMatch = kind === 'delete' ? operation.ifMatch : undefined;
    const mode = kind === 'put' ? operation.options?.mode : ifMatch === undefined ? undefined : { ifMatch };
    checkCondition(this.#store.read(key), mode ?? 'overwrite', this.#context('transaction', key));
  }

  #context(operation: string, key?: string): OperationContext {
    return { operation, backend: this.backend, key };
  }
}

function frozenCopy(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.freeze({ ...metadata });
}
