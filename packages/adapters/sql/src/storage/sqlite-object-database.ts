import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { type FolderMedium } from '@holdfast/adapter-kit';
import type { LocalAccess } from '@holdfast/files';
import {
  type Cancellable,
  type OperationContext,
  orCancelled,
  StorageError,
  throwIfCancelled,
} from '@holdfast/ports';
import { SerialQueue } from '@holdfast/work';
import type { Kysely } from 'kysely';
import type { SqliteLocation } from '../parse-registry-url.ts';
import { objectHistory } from '../schema/object-history.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import type { SqliteConnectionOptions } from '../sqlite/sqlite-connection.ts';
import { type OpenedSqlite, SqliteConnections } from '../sqlite/sqlite-connections.ts';
import type { ObjectDatabase, ObjectWork, Presence } from './object-database.ts';
import type { ObjectSchema } from './object-schema.ts';
import { SqlitePresence } from './sqlite-presence.ts';
import { toObjectError } from './to-object-error.ts';

/** How a store in a file is opened. */
export interface OpenSqliteObjectsOptions extends SqliteConnectionOptions {
  readonly createIfMissing: boolean;
  readonly medium: FolderMedium | undefined;
  readonly access: LocalAccess | undefined;
}

/** Objects in an SQLite file: readers never wait, writers take turns, also with other processes. */
export class SqliteObjectDatabase implements ObjectDatabase {
  readonly presence: Presence;
  readonly hasRowLocks = false;
  readonly #connections: SqliteConnections<ObjectSchema>;
  readonly #busyTimeoutMs: number;
  readonly #writing = new SerialQueue();
  readonly #reading = new SerialQueue();

  private constructor(opened: OpenedSqlite, path: string, options: OpenSqliteObjectsOptions) {
    this.presence = new SqlitePresence(realpathSync(path));
    this.#connections = new SqliteConnections(opened, options);
    this.#busyTimeoutMs = options.busyTimeoutMs;
  }

  /** Opens a file, made if it may be, and brings it to the newest version. */
  static async open(
    location: SqliteLocation & { readonly kind: 'file' },
    options: OpenSqliteObjectsOptions,
  ): Promise<SqliteObjectDatabase> {
    const { createIfMissing, medium, access, busyTimeoutMs } = options;
    const opened = await openSqlite(location, {
      readOnly: false,
      createFolder: createIfMissing,
      mustExist: !createIfMissing,
      now: Date.now,
      newId: randomUUID,
      history: objectHistory,
      busyTimeoutMs,
      medium,
      access,
    });
    return new SqliteObjectDatabase(opened, location.path, options);
  }

  read<T>(context: OperationContext, work: ObjectWork<T>, options: Cancellable = {}): Promise<T> {
    const { isAlone, reader } = this.#connections;
    if (isAlone) return this.#inTurn(() => work(reader), this.#writing, { ...options, context });
    return translated(context, options, () => work(reader));
  }

  snapshot<T>(context: OperationContext, work: ObjectWork<T>, options: Cancellable = {}): Promise<T> {
    const { isAlone } = this.#connections;
    const run = async (): Promise<T> => transactionOf(await this.#connections.snapshots(), work, options);
    return this.#inTurn(run, isAlone ? this.#writing : this.#reading, { ...options, context });
  }

  write<T>(context: OperationContext, work: ObjectWork<T>, options: Cancellable = {}): Promise<T> {
    const run = async (): Promise<T> => transactionOf(await this.#connections.writer(), work, options);
    return this.#inTurn(run, this.#writing, { ...options, context });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.idle();
    await this.#reading.idle();
    this.#connections[Symbol.dispose]();
  }

  /** Waits for its turn no longer than until the signal says stop; a turn that comes later is not used. */
  #inTurn<T>(
    work: () => Promise<T>,
    turns: SerialQueue,
    options: Cancellable & { readonly context: OperationContext },
  ): Promise<T> {
    const { context } = options;
    const timeoutMs = this.#busyTimeoutMs;
    let isOver = false;
    let hasBegun = false;
    const begin = async (): Promise<T | undefined> => {
      if (isOver) return undefined;
      hasBegun = true;
      return work();
    };
    return translated(context, options, async () => {
      const turn = turns.run(begin, { timeoutMs, refuse: () => waitedError(context) });
      try {
        return (await orCancelled(turn, options.signal, context)) as T;
      } catch (error) {
        isOver = true;
        if (hasBegun && StorageError.isInstance(error, 'cancelled')) return (await turn) as T;
        turn.catch(ignore);
        throw error;
      }
    });
  }
}

function transactionOf<T>(
  connection: Kysely<ObjectSchema>,
  work: ObjectWork<T>,
  { signal }: Cancellable,
): Promise<T> {
  return connection.transaction().execute(async (transaction) => {
    const value = await work(transaction);
    throwIfCancelled(signal, { operation: 'commit', backend: 'database' });
    return value;
  });
}

async function translated<T>(
  context: OperationContext,
  { signal }: Cancellable,
  work: () => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal, context);
  try {
    return await work();
  } catch (error) {
    throwIfCancelled(signal, context);
    throw toObjectError(error, context);
  }
}

function waitedError(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'exhausted',
    hint: 'Other writes of this process take long. Try again, or allow more time with busyTimeoutMs.',
  });
}

function ignore(): void {}
