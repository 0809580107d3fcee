import { AbstractStorageAdapter, withinTotal } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import {
  type ByteSource,
  type Cancellable,
  type CheckOptions,
  type CollectLeftoversOptions,
  type CopyOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type LateKey,
  type LeftoverReport,
  type ListOptions,
  type ListPage,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  orCancelled,
  type PutOptions,
  type RecordDamage,
  type StorageCapabilities,
  StorageError,
  type StorageSpace,
  type StoreMaintenance,
  type TransactionOperation,
  type TransactionOptions,
} from '@holdfast/ports';
import { Lazy } from '@holdfast/work';
import { abandonBodies } from './abandon-bodies.ts';
import { copyBody } from './copy-body.ts';
import { databaseCapabilities } from './database-capabilities.ts';
import type { DatabaseStorageOptions } from './database-storage-options.ts';
import { listObjects } from './list-objects.ts';
import { checkRecords } from './maintenance/check-records.ts';
import { collectLeftovers } from './maintenance/collect-leftovers.ts';
import { measureFileSpace } from './measure-file-space.ts';
import type { ObjectDatabase } from './object-database.ts';
import { openObject } from './object-reader.ts';
import { recordColumns, toObjectInfo } from './object-record.ts';
import { openObjectDatabase } from './open-object-database.ts';
import { removeBodies } from './remove-bodies.ts';
import { stageBody, type StageOptions } from './stage-body.ts';
import { toObjectError } from './to-object-error.ts';
import {
  deleteObjects,
  type PreparedDelete,
  type PreparedPut,
  preparePut,
  writeObjects,
} from './write-objects.ts';
import { writeProbe } from './write-probe.ts';

const backend = StorageBackend.Database;
/** Deletions that share a transaction. */
const deletionsAtOnce = 100;

/**
 * Objects in an SQL database: SQLite in a file, or PostgreSQL.
 *
 * Up to 256 KiB lie in the row of their object; more is written in chunks, outside of the transaction that makes them
 * visible, so that memory and transactions stay small whatever the size. Conditions and transactions are decided by the
 * database. The database is opened, and its tables are made, when they are first needed.
 */
export class DatabaseStorageAdapter extends AbstractStorageAdapter {
  override readonly backend: StorageBackend = backend;
  override readonly capabilities: StorageCapabilities = databaseCapabilities;
  readonly maintenance: StoreMaintenance;
  readonly #database: Lazy<ObjectDatabase>;
  readonly #url: string;
  readonly #ending = new AbortController();
  readonly #tidying = new Set<Promise<void>>();

  /** @throws StorageError `invalid-configuration` when the URL or another option is malformed. */
  constructor(options: DatabaseStorageOptions) {
    super();
    const open = openObjectDatabase(options);
    this.#database = new Lazy(() => open({ signal: this.#ending.signal }));
    this.#url = options.url;
    this.maintenance = {
      collectLeftovers: (given = {}) => this.#collect(given),
      checkRecords: (given = {}) => this.#checkRecords(given),
      snapshot: async () => {},
      rebuild: async () => {
        throw nothingToRebuild();
      },
    };
  }

  protected override async putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions,
  ): Promise<ObjectInfo> {
    const context = contextOf('put', typeof key === 'string' ? key : undefined);
    return this.#staging(context, options, async (staging) => {
      const staged = await stageBody(body, options, staging);
      const known = typeof key === 'string' ? key : await key(staged.digest, staged.sizeBytes);
      return this.#commitOne(staging, preparePut(known, staged, options), options);
    });
  }

  protected override async copyObject(
    from: ObjectKey,
    to: ObjectKey,
    options: CopyOptions,
  ): Promise<ObjectInfo> {
    const context = contextOf('copy', from);
    const database = await this.#open(context, options);
    const source = await database.read(
      context,
      (reader) =>
        reader
          .selectFrom('objects')
          .select([...recordColumns, 'bytes'])
          .where('key', '=', from)
          .executeTakeFirst(),
      options,
    );
    if (source === undefined) throw new StorageError({ ...context, code: 'not-found' });
    return this.#staging(context, options, async (staging) => {
      const staged = await copyBody(source, staging, options);
      const { contentType, metadata } = toObjectInfo(source);
      const { mode, metadata: given = metadata } = options;
      const put = preparePut(to, staged, { mode, contentType, metadata: given });
      return this.#commitOne({ ...staging, context: contextOf('copy', to) }, put, options);
    });
  }

  protected override async transact(
    operations: readonly TransactionOperation[],
    { signal }: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    const context = contextOf('transaction');
    return this.#staging(context, { signal }, async (staging) => {
      const steps: (PreparedPut | PreparedDelete)[] = [];
      for (const operation of operations) {
        if (operation.kind === 'delete') {
          steps.push(operation);
          continue;
        }
        const { key, body, options: given = {} } = operation;
        const named = { ...staging, context: { ...context, key } };
        steps.push(preparePut(key, await stageBody(body, { ...given, signal }, named), given));
      }
      return this.#commit(staging, steps, { signal });
    });
  }

  protected override async getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const context = contextOf('get', key);
    const database = await this.#open(context, options);
    return openObject(database, key, {
      ...options,
      context,
      onReleased: (dataId) => this.#tidy(() => removeBodies(database, [dataId])),
    });
  }

  protected override async headObject(key: ObjectKey, options: Cancellable): Promise<ObjectInfo | undefined> {
    const context = contextOf('head', key);
    const database = await this.#open(context, options);
    const record = await database.read(
      context,
      (reader) =>
        reader.selectFrom('objects').select(recordColumns).where('key', '=', key).executeTakeFirst(),
      options,
    );
    return record === undefined ? undefined : toObjectInfo(record);
  }

  protected override async deleteObjects(
    targets: readonly DeleteTarget[],
    { signal }: Cancellable,
  ): Promise<readonly DeleteResult[]> {
    const database = await this.#open(contextOf('delete'), { signal });
    const all: DeleteResult[] = [];
    for (let offset = 0; offset < targets.length; offset += deletionsAtOnce) {
      const some = targets.slice(offset, offset + deletionsAtOnce);
      const { results, unused } = await deleteObjects(database, some, signal);
      all.push(...results);
      this.#tidy(() => removeBodies(database, unused));
    }
    return all;
  }

  protected override async *listPages(options: ListOptions): AsyncIterable<ListPage> {
    yield* listObjects(await this.#open(contextOf('list'), options), options);
  }

  protected override checkStore(options: CheckOptions): Promise<void> {
    const context = contextOf('check');
    return withinTotal(
      { totalMs: options.timeoutMs ?? 5_000, options, context },
      async ({ write, signal }) => {
        const database = await this.#open(context, { signal });
        await database.read(
          context,
          (reader) => reader.selectFrom('objects').select('key').limit(1).execute(),
          { signal },
        );
        if (write === true) await writeProbe(database, { signal });
      },
    );
  }

  protected override measureSpace(): Promise<StorageSpace | undefined> {
    return measureFileSpace(this.#url);
  }

  protected override async close(): Promise<void> {
    await Promise.all(this.#tidying);
    // What is still being opened is waited for by nobody any more.
    this.#ending.abort();
    await this.#database.end(async (database) => database[Symbol.asyncDispose]());
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toObjectError(error, context);
  }

  /** Waits for the database no longer than until the signal says stop; it goes on being opened for others. */
  #open(context: OperationContext, { signal }: Cancellable): Promise<ObjectDatabase> {
    return orCancelled(this.#database.get(), signal, context);
  }

  async #commitOne(staging: StageOptions, put: PreparedPut, options: Cancellable): Promise<ObjectInfo> {
    const [info] = await this.#commit(staging, [put], options);
    return info as ObjectInfo;
  }

  async #commit(
    { database, context }: StageOptions,
    steps: readonly (PreparedPut | PreparedDelete)[],
    { signal }: Cancellable,
  ): Promise<readonly ObjectInfo[]> {
    const { infos, unused } = await writeObjects(database, steps, { context, signal });
    this.#tidy(() => removeBodies(database, unused));
    return infos;
  }

  /** Removes what was staged when the work fails; not where it may have become an object. */
  async #staging<T>(
    context: OperationContext,
    options: Cancellable,
    work: (staging: StageOptions) => Promise<T>,
  ): Promise<T> {
    const database = await this.#open(context, options);
    const staged: string[] = [];
    try {
      return await work({ database, context, onStaged: (dataId) => staged.push(dataId) });
    } catch (error) {
      this.#tidy(async () => {
        await abandonBodies(database, staged);
        await removeBodies(database, staged);
      });
      throw error;
    }
  }

  /** What cannot be tidied away now is left to the next collection. */
  #tidy(work: () => Promise<unknown>): void {
    const tidying = work().then(ignore, ignore);
    this.#tidying.add(tidying);
    void tidying.then(() => this.#tidying.delete(tidying));
  }

  async #collect(options: CollectLeftoversOptions): Promise<LeftoverReport> {
    await Promise.all(this.#tidying);
    return collectLeftovers(await this.#open(contextOf('collect'), options), options);
  }

  async *#checkRecords(options: Cancellable): AsyncGenerator<RecordDamage> {
    yield* checkRecords(await this.#open(contextOf('verify'), options), options);
  }
}

/** Records and bytes lie in one database, and what saves one saves the other. */
function nothingToRebuild(): StorageError {
  return new StorageError({
    ...contextOf('rebuild'),
    code: 'already-exists',
    message:
      'The records of a store in a database are stored with its bytes, so there is nothing to rebuild them from.',
    hint: 'Restore the database from a backup of its own.',
  });
}

function contextOf(operation: string, key?: string): OperationContext {
  return { operation, backend, key };
}

function ignore(): void {}
