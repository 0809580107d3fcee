import { hash } from 'node:crypto';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import { RegistryTurns } from '../session/registry-turns.ts';
import type { SqlSession, SqlWork } from '../session/sql-session.ts';
import { UnitSession } from '../session/unit-session.ts';
import { NulEscapingConnection } from './nul-escaping-connection.ts';
import { placeOfPostgres } from './place-of-postgres.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import type { ResolvedPostgresOptions } from './postgres-options.ts';
import { PostgresPool } from './postgres-pool.ts';
import { PostgresSessions } from './postgres-sessions.ts';
import { isLockTimeout } from './to-storage-error.ts';

/** How a registry in PostgreSQL is used. */
export interface PostgresRegistryOptions extends ResolvedPostgresOptions {
  readonly readOnly: boolean;
  /** How long a writer waits for others. */
  readonly busyTimeoutMs: number;
  /** The connections that read; the database ends them. */
  readonly readers: PostgresPool;
}

/**
 * A registry in a schema of a PostgreSQL database. Writers take turns: in the process by a queue, among processes by
 * an advisory lock of the transaction, which the server ends with it. So transactions are serial, each runs once, and
 * none fails because of another. Readers see the committed state and never wait.
 */
export class PostgresRegistryDatabase implements RegistryDatabase {
  readonly readOnly: boolean;
  readonly #options: PostgresRegistryOptions;
  readonly #turns: RegistryTurns;
  readonly #readers: PostgresPool;
  readonly #reading: PostgresSessions<RegistrySchema>;
  readonly #writer: PostgresPool;
  readonly #writing: PostgresSessions<RegistrySchema>;

  constructor(options: PostgresRegistryOptions) {
    const { pool, retry, readOnly, busyTimeoutMs, readers } = options;
    const through = (connection: PostgresConnection) => new NulEscapingConnection(connection);
    this.readOnly = readOnly;
    this.#options = options;
    this.#turns = new RegistryTurns({ busyTimeoutMs, translate: (error) => error });
    this.#readers = readers;
    this.#reading = new PostgresSessions(this.#readers, { retry, through });
    this.#writer = new PostgresPool({ ...pool, poolSize: 1 });
    this.#writing = new PostgresSessions(this.#writer, { retry, through });
  }

  /** Asked again each time: a standby that is promoted keeps its connections. */
  place(): Promise<string> {
    return this.read('place', placeOfPostgres);
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#turns.beside(operation, () => this.#reading.read(contextOf(operation), work));
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#turns.inTurn(operation, async () => {
      const context = contextOf(operation);
      if (this.readOnly) throw refusal(operation);
      return this.#writing.write(context, work, {
        begin: (connection) => this.#begin(connection, operation),
      });
    });
  }

  /** A server checks its pages by itself, where it was told to (`data_checksums`). */
  async checkIntegrity(): Promise<readonly string[]> {
    return [];
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const operation = 'unitOfWork';
    return this.#turns.unit(work, (run) =>
      this.#turns.inTurn(operation, () => (this.readOnly ? this.#look(run) : this.#work(run, operation))),
    );
  }

  /** Refuses everything from now on, waits for what has begun, and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.close();
    await Promise.all([this.#readers[Symbol.asyncDispose](), this.#writer[Symbol.asyncDispose]()]);
  }

  /** A unit of work runs once: when its connection is lost it is undone, and who asked for it decides. */
  #work<T>(run: (session: UnitSession) => Promise<T>, operation: string): Promise<T> {
    const translate = this.#translate(this.#writing);
    return this.#writing.write(
      contextOf(operation),
      (database, connection) =>
        run(new UnitSession(database, { translate, guard: savepointsOn(connection) })),
      { isRepeatable: false, begin: (connection) => this.#begin(connection, operation) },
    );
  }

  /** A unit of work on a database that can only be read sees one state. */
  #look<T>(run: (session: UnitSession) => Promise<T>): Promise<T> {
    const translate = this.#translate(this.#reading);
    let attempt: Promise<T> | undefined;
    return this.#reading.snapshot(contextOf('unitOfWork'), (database) => {
      const guard = (): never => {
        throw refusal('unitOfWork');
      };
      attempt ??= run(new UnitSession(database, { translate, guard }));
      return attempt;
    });
  }

  #translate(sessions: PostgresSessions<RegistrySchema>) {
    return (error: unknown, operation: string): unknown => sessions.translate(error, contextOf(operation));
  }

  /**
   * Begins a transaction that has the turn. Its statements each see what was committed before them, and nobody else
   * commits: so they see one state, which is the newest. A transaction with a snapshot of its own would have taken
   * that before it had waited.
   */
  async #begin(connection: PostgresConnection, operation: string): Promise<string> {
    const { pool, busyTimeoutMs } = this.#options;
    const statements = [
      'begin isolation level read committed',
      `set local lock_timeout = ${Math.max(busyTimeoutMs, 1)}`,
      'set local statement_timeout = 0',
      `select pg_advisory_xact_lock(${lockOf(pool.schema)})`,
      `set local statement_timeout = ${pool.statementMs}`,
      'select pg_current_xact_id()::text as id',
    ];
    try {
      const answers = await connection.run(statements.join('; '), { waitMs: busyTimeoutMs });
      return String(answers.at(-1)?.rows[0]?.['id']);
    } catch (error) {
      throw isLockTimeout(error) ? waitedError(operation, error) : error;
    }
  }
}

/** An error of PostgreSQL ends the transaction; with a savepoint before each operation it ends only that. */
function savepointsOn(connection: PostgresConnection): <T>(run: () => Promise<T>) => Promise<T> {
  let isFirst = true;
  return async (run) => {
    await connection.run(isFirst ? 'savepoint operation' : 'release operation; savepoint operation');
    isFirst = false;
    try {
      return await run();
    } catch (error) {
      await connection.run('rollback to operation').catch(() => undefined);
      throw error;
    }
  };
}

function contextOf(operation: string) {
  return { operation, backend: StorageBackend.Database };
}

function refusal(operation: string): StorageError {
  return new StorageError({
    ...contextOf(operation),
    code: StorageErrorCode.PermissionDenied,
    message: `The registry can be read, not written to (${operation}).`,
    hint: 'It was opened for reading, the server is a standby, or its user may not write to the tables.',
  });
}

function waitedError(operation: string, cause: unknown): StorageError {
  return new StorageError({
    ...contextOf(operation),
    code: StorageErrorCode.Unavailable,
    retry: 'exhausted',
    hint: 'Another process writes to the registry and takes long. Try again, or allow more time with busyTimeoutMs.',
    cause,
  });
}

/** Advisory locks are numbers, common to all of a database; this one belongs to those who write to the registry. */
function lockOf(schema: string): string {
  return hash('sha256', `holdfast ${schema} registry writer`, 'buffer').readBigInt64BE().toString();
}
