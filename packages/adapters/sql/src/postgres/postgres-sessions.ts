import {
  RequestFailureError,
  RequestRunner,
  type RetryOptions,
  storageErrorOf,
  systemClock,
} from '@holdfast/adapter-kit';
import {
  type Cancellable,
  cancelled,
  type OperationContext,
  StorageError,
  throwIfCancelled,
} from '@holdfast/ports';
import type { DatabaseConnection, Kysely } from 'kysely';
import type { PostgresConnection } from './postgres-connection.ts';
import { kyselyOver } from './postgres-dialect.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { postgresFailureOf } from './to-storage-error.ts';
import { UndoneWork } from './undone-work.ts';

/** Each statement has its own limit; an operation is as long as its statements. */
const unlimitedMs = 2 ** 31 - 1;
/** How often it is asked again what became of a commit that is still under way. */
const settleAgainMs = 20;

/** How a transaction begins. */
export interface TransactionOptions extends Cancellable {
  /** Whether the work is run again when it was undone, as by a lost connection. @default true */
  readonly isRepeatable?: boolean | undefined;
  /** Begins the transaction, and answers its id (`pg_current_xact_id`). */
  readonly begin?: (connection: PostgresConnection) => Promise<string>;
}

/** How sessions are made. */
export interface PostgresSessionOptions {
  readonly retry: Required<RetryOptions>;
  /** What is between the statements and the connection. @default nothing */
  readonly through?: (connection: PostgresConnection) => DatabaseConnection;
}

interface RunOptions extends Cancellable {
  readonly isCommit?: boolean | undefined;
  /** Asked after a failure. */
  readonly isRepeatable?: () => boolean;
}

/** Statements and transactions on the connections of a pool: again where that helps, with known outcomes. */
export class PostgresSessions<Schema> {
  readonly #pool: PostgresPool;
  readonly #through: (connection: PostgresConnection) => DatabaseConnection;
  readonly #runner: RequestRunner;

  constructor(pool: PostgresPool, { retry, through = (connection) => connection }: PostgresSessionOptions) {
    this.#pool = pool;
    this.#through = through;
    this.#runner = new RequestRunner({
      configuration: {
        retry,
        timeouts: { connectMs: unlimitedMs, firstByteMs: unlimitedMs, idleMs: unlimitedMs },
      },
      clock: systemClock,
      failureOf: postgresFailureOf,
    });
  }

  /** Tries something that can be done again, with the patience of all the rest. */
  attempt<T>(context: OperationContext, work: () => Promise<T>, { signal }: Cancellable = {}): Promise<T> {
    return this.#runner.run<T>(context, { signal, answerWithinMs: unlimitedMs }, work);
  }

  /** Uses a connection for whatever can be done again. */
  onConnection<T>(
    context: OperationContext,
    work: (connection: PostgresConnection) => Promise<T>,
    { signal }: Cancellable = {},
  ): Promise<T> {
    return this.#run(context, { signal }, work);
  }

  /** Runs statements, each on its own. */
  read<T>(
    context: OperationContext,
    work: (database: Kysely<Schema>) => Promise<T>,
    { signal, isRepeatable = true }: Cancellable & { readonly isRepeatable?: boolean | undefined } = {},
  ): Promise<T> {
    const options = { signal, isRepeatable: () => isRepeatable };
    return this.#run(context, options, (connection) => work(this.#kyselyOf(connection)));
  }

  /** Runs statements that read one state. */
  snapshot<T>(
    context: OperationContext,
    work: (database: Kysely<Schema>) => Promise<T>,
    { signal }: Cancellable = {},
  ): Promise<T> {
    return this.#run(context, { signal }, async (connection) => {
      await connection.run('begin isolation level repeatable read, read only');
      const value = await undoing(connection, () => work(this.#kyselyOf(connection)));
      await connection.run('commit');
      return value;
    });
  }

  /**
   * Runs statements that take effect together. When the answer to the commit is lost, the database is asked what
   * became of the transaction: it is told as done, run again, or `indeterminate` when that cannot be found out.
   */
  write<T>(
    context: OperationContext,
    work: (database: Kysely<Schema>, connection: PostgresConnection) => Promise<T>,
    { signal, isRepeatable = true, begin = beginPlainly }: TransactionOptions = {},
  ): Promise<T> {
    let hasBegun = false;
    const run = async (connection: PostgresConnection, stopping: Stopping): Promise<T> => {
      const id = await undoing(connection, () => begin(connection));
      hasBegun = true;
      const value = await undoing(connection, async () => {
        const worked = await work(this.#kyselyOf(connection), connection);
        throwIfCancelled(signal, context);
        return worked;
      });
      stopping.end();
      try {
        const [answer] = await connection.run('commit');
        if (answer?.command !== 'COMMIT') throw lostTransaction(context);
        return value;
      } catch (error) {
        throw new FailedCommit(id, value, error);
      }
    };
    const options = { signal, isCommit: true, isRepeatable: () => isRepeatable || !hasBegun };
    return this.#run(context, options, run);
  }

  /** What an error of the database means, as a `StorageError`; any other error as it is. */
  translate(error: unknown, context: OperationContext): unknown {
    const failure = StorageError.isInstance(error) ? undefined : this.#runner.meaningOf(error);
    if (failure === undefined) return error;
    const retry = failure.isTemporary ? 'temporary' : 'never';
    return storageErrorOf(failure, context, { attempts: 1, retry, cause: error });
  }

  #kyselyOf(connection: PostgresConnection): Kysely<Schema> {
    return kyselyOver<Schema>(this.#through(connection));
  }

  async #run<T>(
    context: OperationContext,
    { signal, isRepeatable = () => true, isCommit = false }: RunOptions,
    work: (connection: PostgresConnection, stopping: Stopping) => Promise<T>,
  ): Promise<T> {
    throwIfCancelled(signal, context);
    return this.#runner.run<T>(
      context,
      {
        isCommit,
        signal,
        answerWithinMs: unlimitedMs,
        get isRepeatable() {
          return isRepeatable();
        },
      },
      async () => {
        const stopping = new Stopping(signal);
        try {
          return await this.#pool.use((connection) => work(connection, stopping), stopping.signal);
        } catch (thrown) {
          const error = thrown instanceof UndoneWork ? thrown.cause : thrown;
          if (error instanceof FailedCommit) {
            await this.#settle(error, context);
            return error.value as T;
          }
          if (stopping.signal.aborted && signal !== undefined) throw cancelled(signal, context);
          throw this.#undone(error);
        } finally {
          stopping.end();
        }
      },
    );
  }

  /** Whatever failed before the commit has not happened. */
  #undone(error: unknown): unknown {
    if (StorageError.isInstance(error)) return error;
    const failure = this.#runner.meaningOf(error);
    return failure === undefined
      ? error
      : new RequestFailureError({ ...failure, mayHaveHappened: false }, { cause: error });
  }

  /**
   * Finds out what became of a transaction (`pg_xact_status`); returns when it was committed.
   *
   * @throws the error of the commit when it was undone, StorageError `indeterminate` when it cannot be found out.
   */
  async #settle({ id, cause }: FailedCommit, context: OperationContext): Promise<void> {
    if (this.#runner.meaningOf(cause)?.mayHaveHappened !== true) throw this.#undone(cause);
    for (;;) {
      const status = await this.#statusOf(id, context).catch((reason: unknown) => {
        throw indeterminate(context, reason);
      });
      if (status === 'committed') return;
      if (status === 'aborted') throw this.#undone(cause);
      if (status !== 'in progress') throw indeterminate(context, cause);
      await systemClock.sleep(settleAgainMs);
    }
  }

  #statusOf(id: string, context: OperationContext): Promise<unknown> {
    return this.#run(context, {}, async (connection) => {
      const [answer] = await connection.run(`select pg_xact_status('${BigInt(id)}'::xid8) as status`);
      return answer?.rows[0]?.['status'];
    });
  }
}

/** A commit that was not answered with success. */
class FailedCommit extends Error {
  readonly id: string;
  readonly value: unknown;

  constructor(id: string, value: unknown, cause: unknown) {
    super('the commit failed', { cause });
    this.id = id;
    this.value = value;
  }
}

/** Passes a signal on until the commit begins, after which nothing stops it. */
class Stopping {
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #stop = (): void => this.#controller.abort(this.#given?.reason);

  constructor(given: AbortSignal | undefined) {
    this.#given = given;
    if (given?.aborted === true) this.#stop();
    given?.addEventListener('abort', this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#given?.removeEventListener('abort', this.#stop);
  }
}

/** Runs work in the open transaction and undoes it when the work fails. */
async function undoing<T>(connection: PostgresConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUndone = await connection.run('rollback').then(
      () => true,
      () => false,
    );
    throw isUndone ? new UndoneWork(error) : error;
  }
}

async function beginPlainly(connection: PostgresConnection): Promise<string> {
  const answers = await connection.run(
    'begin isolation level read committed; select pg_current_xact_id()::text as id',
  );
  return String(answers.at(-1)?.rows[0]?.['id']);
}

/** An error inside undid the transaction, and the work went on as if it had not. */
function lostTransaction(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'unavailable',
    message: `${context.operation} on ${context.backend}: the database has undone the transaction after an earlier error.`,
    hint: 'Let errors end the unit of work, and run it again.',
  });
}

function indeterminate(context: OperationContext, cause: unknown): StorageError {
  return new StorageError({
    ...context,
    code: 'indeterminate',
    message: `${context.operation} on ${context.backend}: the answer to the commit was lost, and what became of it cannot be found out.`,
    hint: 'Read the object before you try again.',
    cause,
  });
}
