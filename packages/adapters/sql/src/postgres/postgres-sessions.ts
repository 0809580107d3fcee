import { CloudFailureError, RequestRunner, type RetryOptions, systemClock } from '@holdfast/adapter-kit';
import {
  type Cancellable,
  cancelled,
  type OperationContext,
  StorageError,
  throwIfCancelled,
} from '@holdfast/ports';
import type { Kysely } from 'kysely';
import type { PostgresConnection } from './postgres-connection.ts';
import { kyselyOver } from './postgres-dialect.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { postgresFailureOf } from './to-storage-error.ts';

/** Each statement has its own limit; an operation is as long as its statements. */
const unlimitedMs = 2 ** 31 - 1;
/** How often it is asked again what became of a commit that is still under way. */
const settleAgainMs = 20;

/** How a transaction begins. */
export interface TransactionOptions extends Cancellable {
  /** Whether it is run again when it was undone, as by a lost connection. @default true */
  readonly isRepeatable?: boolean;
}

/** Statements and transactions on the connections of a pool: again where that helps, with known outcomes. */
export class PostgresSessions<Schema> {
  readonly #pool: PostgresPool;
  readonly #runner: RequestRunner;

  constructor(pool: PostgresPool, retry: Required<RetryOptions>) {
    this.#pool = pool;
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

  /** Runs statements, each on its own. */
  read<T>(
    context: OperationContext,
    work: (database: Kysely<Schema>) => Promise<T>,
    { signal }: Cancellable = {},
  ): Promise<T> {
    return this.#run(context, { signal }, (connection) => work(kyselyOver<Schema>(connection)));
  }

  /** Runs statements that read one state. */
  snapshot<T>(
    context: OperationContext,
    work: (database: Kysely<Schema>) => Promise<T>,
    { signal }: Cancellable = {},
  ): Promise<T> {
    return this.#run(context, { signal }, async (connection) => {
      await connection.run('begin isolation level repeatable read, read only');
      const value = await undoing(connection, () => work(kyselyOver<Schema>(connection)));
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
    work: (database: Kysely<Schema>) => Promise<T>,
    { signal, isRepeatable = true }: TransactionOptions = {},
  ): Promise<T> {
    const run = async (connection: PostgresConnection, stopping: Stopping): Promise<T> => {
      const [, identified] = await connection.run('begin; select pg_current_xact_id()::text as id');
      const id = String(identified?.rows[0]?.['id']);
      const value = await undoing(connection, async () => {
        const worked = await work(kyselyOver<Schema>(connection));
        throwIfCancelled(signal, context);
        return worked;
      });
      stopping.end();
      try {
        await connection.run('commit');
        return value;
      } catch (error) {
        throw new FailedCommit(id, value, error);
      }
    };
    return this.#run(context, { signal, isRepeatable, isCommit: true }, run);
  }

  async #run<T>(
    context: OperationContext,
    options: TransactionOptions & { readonly isCommit?: boolean },
    work: (connection: PostgresConnection, stopping: Stopping) => Promise<T>,
  ): Promise<T> {
    const { signal, isRepeatable = true, isCommit = false } = options;
    throwIfCancelled(signal, context);
    return this.#runner.run<T>(
      context,
      { isCommit, signal, isRepeatable, answerWithinMs: unlimitedMs },
      async () => {
        const stopping = new Stopping(signal);
        try {
          return await this.#pool.use((connection) => work(connection, stopping), stopping.signal);
        } catch (error) {
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
      : new CloudFailureError({ ...failure, mayHaveHappened: false }, { cause: error });
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
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
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
