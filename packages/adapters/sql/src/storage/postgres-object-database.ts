import { randomUUID } from 'node:crypto';
import type { RetryOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type Cancellable, type OperationContext, StorageError } from '@holdfast/ports';
import { migratePostgres } from '../postgres/migrate-postgres.ts';
import type { PostgresPoolOptions } from '../postgres/postgres-options.ts';
import { PostgresPool } from '../postgres/postgres-pool.ts';
import { PostgresSessions } from '../postgres/postgres-sessions.ts';
import { objectHistory } from '../schema/object-history.ts';
import type { ObjectDatabase, ObjectWork, ReadingOptions, Presence } from './object-database.ts';
import type { ObjectSchema } from './object-schema.ts';
import { PostgresPresence } from './postgres-presence.ts';

/** How a store in PostgreSQL is opened. */
export interface OpenPostgresObjectsOptions {
  readonly pool: PostgresPoolOptions;
  readonly retry: Required<RetryOptions>;
  readonly createIfMissing: boolean;
}

/** Objects in a schema of a PostgreSQL database. */
export class PostgresObjectDatabase implements ObjectDatabase {
  readonly presence: Presence;
  readonly hasRowLocks = true;
  readonly #pool: PostgresPool;
  readonly #sessions: PostgresSessions<ObjectSchema>;

  private constructor(options: OpenPostgresObjectsOptions) {
    const pool = new PostgresPool(options.pool);
    const sessions = new PostgresSessions<ObjectSchema>(pool, { retry: options.retry });
    this.#pool = pool;
    this.#sessions = sessions;
    this.presence = new PostgresPresence({
      schema: options.pool.schema,
      connect: (context) => sessions.attempt(context, () => pool.connect()),
    });
  }

  /** Connects, and brings the schema, made if it may be, to the newest version; until the signal says stop. */
  static async open(
    options: OpenPostgresObjectsOptions,
    { signal }: Cancellable = {},
  ): Promise<PostgresObjectDatabase> {
    const database = new PostgresObjectDatabase(options);
    const context = { operation: 'open', backend: StorageBackend.Database };
    const settings = {
      schema: options.pool.schema,
      history: objectHistory,
      dryRun: !options.createIfMissing,
      now: Date.now,
      newId: randomUUID,
    };
    try {
      const report = await database.#sessions.attempt(
        context,
        () => database.#pool.use((connection) => migratePostgres(connection, settings), signal),
        { signal },
      );
      if (settings.dryRun && report.steps.length > 0) throw missingStore(context, options.pool.schema);
      return database;
    } catch (error) {
      await database[Symbol.asyncDispose]();
      throw error;
    }
  }

  read<T>(context: OperationContext, work: ObjectWork<T>, options?: ReadingOptions): Promise<T> {
    return this.#sessions.read(context, work, options);
  }

  snapshot<T>(context: OperationContext, work: ObjectWork<T>, options?: Cancellable): Promise<T> {
    return this.#sessions.snapshot(context, work, options);
  }

  write<T>(context: OperationContext, work: ObjectWork<T>, options?: Cancellable): Promise<T> {
    return this.#sessions.write(context, work, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.presence[Symbol.asyncDispose]();
    await this.#pool[Symbol.asyncDispose]();
  }
}

function missingStore(context: OperationContext, schema: string): StorageError {
  return new StorageError({
    ...context,
    code: 'not-found',
    message: `There is no store of this version in the schema ${schema}.`,
    hint: 'Check the URL and the schema, or let it be made with createIfMissing.',
  });
}
