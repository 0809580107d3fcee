import type { ObjectKey, StorageBackend } from '@holdfast/domain';
import {
  type ByteSource,
  type Cancellable,
  type CheckOptions,
  type CopyOptions,
  type DeleteOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type HeadOptions,
  type LateKey,
  type ListOptions,
  type ListPage,
  type OperationContext,
  type ObjectInfo,
  type ObjectReader,
  type PresignOptions,
  type PresignedRequest,
  type PutOptions,
  type StorageAdapter,
  type StorageCapabilities,
  StorageError,
  type StorageSpace,
  type TransactionOperation,
  type TransactionOptions,
  assertByteSource,
  knownSizeBytes,
  orCancelled,
  throwIfCancelled,
  untilCancelled,
} from '@holdfast/ports';
import { checkDistinct } from './check-distinct.ts';
import { checkKey, checkKeyPrefix } from './check-key.ts';
import { checkMetadata } from './check-metadata.ts';
import { SupportGuard } from './check-support.ts';
import { GuardedReader } from './guarded-reader.ts';
import { OperationGate } from './operation-gate.ts';
import { checkRange } from './resolve-range.ts';

/** Most entries on a page of a listing. */
export const maximumPageSize = 1_000;

/**
 * What every adapter does alike, once: key rules, refusing what is not supported before any I/O, cancellation,
 * error translation, and an orderly end. A driver extends it with the methods that move bytes;
 * they get checked input and may throw whatever their client throws.
 */
export abstract class AbstractStorageAdapter implements StorageAdapter {
  abstract readonly backend: StorageBackend;
  abstract readonly capabilities: StorageCapabilities;
  /** What people call the place, such as `bucket models`; errors name it. */
  protected readonly place: string | undefined;
  readonly #gate = new OperationGate();

  protected abstract putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions,
  ): Promise<ObjectInfo>;
  protected abstract getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined>;
  protected abstract headObject(key: ObjectKey, options: HeadOptions): Promise<ObjectInfo | undefined>;
  /** Results in the order of the targets; throws only when no target could be tried. */
  protected abstract deleteObjects(
    targets: readonly DeleteTarget[],
    options: DeleteOptions,
  ): Promise<readonly DeleteResult[]>;
  protected abstract listPages(options: ListOptions): AsyncIterable<ListPage>;
  protected abstract copyObject(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo>;
  protected abstract checkStore(options: CheckOptions): Promise<void>;
  /** Frees what the adapter holds, once, when nothing is under way any more. */
  protected abstract close(): Promise<void>;
  /** The adapter's one translator. A `StorageError` is passed on as it is. */
  protected abstract toStorageError(error: unknown, context: OperationContext): StorageError;

  put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions = {}): Promise<ObjectInfo> {
    const context = this.#context('put', typeof key === 'string' ? key : undefined);
    return this.guarded(context, options.signal, () => {
      assertByteSource(body, context);
      this.#guard.requirePut(typeof key === 'function', options, context);
      checkMetadata(options.metadata ?? {}, context);
      this.#checkSize(options.sizeBytes ?? knownSizeBytes(body), context);
      const checked: ObjectKey | LateKey =
        typeof key === 'function'
          ? async (digest, sizeBytes) => {
              const late = Promise.resolve(key(digest, sizeBytes));
              return checkKey(await orCancelled(late, options.signal, context), context);
            }
          : checkKey(key, context);
      return this.putObject(checked, body, options);
    });
  }

  get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectReader | undefined> {
    const context = this.#context('get', key);
    return this.guarded(context, options.signal, async () => {
      this.#guard.requireGet(options, context);
      checkRange(options.range, context);
      const reader = await this.getObject(checkKey(key, context), options);
      return reader === undefined ? undefined : this.#guardReader(reader, options.signal, context);
    });
  }

  head(key: ObjectKey, options: HeadOptions = {}): Promise<ObjectInfo | undefined> {
    const context = this.#context('head', key);
    return this.guarded(context, options.signal, () => {
      this.#guard.requireHead(options, context);
      return this.headObject(checkKey(key, context), options);
    });
  }

  delete(targets: readonly DeleteTarget[], options: DeleteOptions = {}): Promise<readonly DeleteResult[]> {
    const context = this.#context('delete');
    return this.guarded(context, options.signal, () => {
      this.#guard.requireDelete(targets, context);
      for (const target of targets) checkKey(target.key, context);
      return this.deleteObjects(targets, options);
    });
  }

  async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const context = this.#context('list');
    const pages = this.listPages(options)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.guarded(context, options.signal, () => {
          this.#checkList(options, context);
          return pages.next();
        });
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await pages.return?.();
    }
  }

  copy(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<ObjectInfo> {
    const context = this.#context('copy', from);
    return this.guarded(context, options.signal, () => {
      this.#guard.requireCopy(options, context);
      checkMetadata(options.metadata ?? {}, context);
      return this.copyObject(checkKey(from, context), checkKey(to, context), options);
    });
  }

  transaction(
    operations: readonly TransactionOperation[],
    options: TransactionOptions = {},
  ): Promise<readonly ObjectInfo[]> {
    const context = this.#context('transaction');
    return this.guarded(context, options.signal, () => {
      this.#guard.require('transactions', true, context);
      for (const operation of operations) this.#checkOperation(operation, context);
      checkDistinct(operations, context);
      return this.transact(operations, options);
    });
  }

  presign(key: ObjectKey, options: PresignOptions): Promise<PresignedRequest> {
    const context = this.#context('presign', key);
    return this.guarded(context, options.signal, () => {
      this.#guard.require(options.method === 'GET' ? 'presignGet' : 'presignPut', true, context);
      return this.presignRequest(checkKey(key, context), options);
    });
  }

  localPath(key: ObjectKey): Promise<string | undefined> {
    const context = this.#context('localPath', key);
    return this.guarded(context, undefined, () => {
      this.#guard.require('localPath', true, context);
      return this.localPathOf(checkKey(key, context));
    });
  }

  check(options: CheckOptions = {}): Promise<void> {
    return this.guarded(this.#context('check'), options.signal, () => this.checkStore(options));
  }

  space(options: Cancellable = {}): Promise<StorageSpace | undefined> {
    const context = this.#context('space');
    const { signal } = options;
    return this.guarded(context, signal, () => orCancelled(this.measureSpace(options), signal, context));
  }

  /** Refuses new work, waits for what is under way, then frees everything. Safe to call twice. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#gate.close(() => this.close());
  }

  /** Overridden where `capabilities.transactions`. */
  protected transact(
    _operations: readonly TransactionOperation[],
    _options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    return Promise.reject(this.#undeclared('transaction'));
  }

  /** Overridden where `capabilities.presignGet` or `presignPut`. */
  protected presignRequest(_key: ObjectKey, _options: PresignOptions): Promise<PresignedRequest> {
    return Promise.reject(this.#undeclared('presign'));
  }

  /** Overridden where `capabilities.localPath`. */
  protected localPathOf(_key: ObjectKey): Promise<string | undefined> {
    return Promise.reject(this.#undeclared('localPath'));
  }

  /** Overridden where there is an end to the room, and it can be told. */
  protected measureSpace(_options: Cancellable): Promise<StorageSpace | undefined> {
    return Promise.resolve(undefined);
  }

  get #guard(): SupportGuard {
    return new SupportGuard(this.capabilities);
  }

  #context(operation: string, key?: string): OperationContext {
    return { operation, backend: this.backend, key, place: this.place };
  }

  /** Runs an operation as all are run: counted until it ends, cancelled before it begins, its errors translated. */
  protected async guarded<T>(
    context: OperationContext,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const leave = this.#gate.enter(context);
    try {
      throwIfCancelled(signal, context);
      return await work();
    } catch (error) {
      throw this.toStorageError(error, context);
    } finally {
      leave();
    }
  }

  #checkOperation(operation: TransactionOperation, context: OperationContext): void {
    const named = { ...context, key: operation.key };
    checkKey(operation.key, named);
    if (operation.kind === 'delete') {
      this.#guard.requireDelete([operation], named);
      return;
    }
    const { body, options = {} } = operation;
    this.#guard.requirePut(false, options, named);
    checkMetadata(options.metadata ?? {}, named);
    this.#checkSize(options.sizeBytes ?? knownSizeBytes(body), named);
  }

  #guardReader(
    reader: ObjectReader,
    signal: AbortSignal | undefined,
    context: OperationContext,
  ): ObjectReader {
    return new GuardedReader(reader, {
      watch: (chunks) => (signal === undefined ? chunks : untilCancelled(chunks, signal, context)),
      toStorageError: (error) => this.toStorageError(error, context),
    });
  }

  #checkSize(sizeBytes: number | undefined, context: OperationContext): void {
    if (sizeBytes === undefined || sizeBytes <= this.capabilities.maximumSizeBytes) return;
    throw new StorageError({
      ...context,
      code: 'invalid-argument',
      message: `${sizeBytes} bytes are more than the ${this.capabilities.maximumSizeBytes} that ${this.backend} takes.`,
    });
  }

  #checkList(options: ListOptions, context: OperationContext): void {
    this.#guard.requireList(options, context);
    checkKeyPrefix(options.prefix ?? '', context);
    checkKeyPrefix(options.startAfter ?? '', context);
    const { pageSize = maximumPageSize, delimiter } = options;
    if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > maximumPageSize || delimiter === '') {
      const message = `A page has 1 to ${maximumPageSize} entries and a delimiter at least one character.`;
      throw new StorageError({ ...context, code: 'invalid-argument', message });
    }
  }

  #undeclared(operation: string): StorageError {
    return new StorageError({
      ...this.#context(operation),
      code: 'unexpected',
      message: `The ${this.backend} adapter declares ${operation} and does not implement it.`,
    });
  }
}
