import { UnitOfWorkScope } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { SerialQueue } from '@holdfast/work';
import { registryErrors } from '../registry-errors.ts';
import type { UnitSession } from './unit-session.ts';

/** How the work on a registry's database is ordered. */
export interface RegistryTurnsOptions {
  /** How long a writer waits for those before it. */
  readonly busyTimeoutMs: number;
  /** Turns what the database threw into a `StorageError`; answers other errors as they are. */
  readonly translate: (error: unknown, operation: string) => unknown;
}

/** The order of work inside one process: writers take turns, and nothing begins once the registry is closed. */
export class RegistryTurns {
  readonly #options: RegistryTurnsOptions;
  readonly #turns = new SerialQueue();
  readonly #scope = new UnitOfWorkScope(registryErrors);
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: RegistryTurnsOptions) {
    this.#options = options;
  }

  /** Runs work beside all other. */
  async beside<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw registryErrors.closed(operation);
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw this.#options.translate(error, operation);
    } finally {
      this.#running.delete(running);
    }
  }

  /** Runs work when all before it that took a turn has ended; refused inside a unit of work, which has the turn. */
  async inTurn<T>(operation: string, work: () => Promise<T>): Promise<T> {
    this.#scope.checkOutside(operation);
    const { busyTimeoutMs: timeoutMs } = this.#options;
    const refuse = (): Error => waitedError(operation);
    return this.beside(operation, () => this.#turns.run(work, { timeoutMs, refuse }));
  }

  /** Runs a unit of work by way of `transact`, and passes on what the work throws as it is. */
  async unit<T>(
    work: (session: UnitSession) => Promise<T>,
    transact: (run: (session: UnitSession) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    let failure: { readonly error: unknown } | undefined;
    const run = async (session: UnitSession): Promise<T> => {
      try {
        return await this.#scope.run(session, () => work(session));
      } catch (error) {
        failure = { error };
        throw error;
      } finally {
        await session.end();
      }
    };
    try {
      return await transact(run);
    } catch (error) {
      throw failure === undefined ? error : failure.error;
    }
  }

  /** Refuses everything from now on, and waits for what has begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
  }
}

function waitedError(operation: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.Unavailable,
    operation,
    backend: StorageBackend.Database,
    retry: 'exhausted',
    hint: 'A unit of work in this process takes long. Try again, or allow more time with busyTimeoutMs.',
  });
}
