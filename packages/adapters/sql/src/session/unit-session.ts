import { SerialQueue } from '@holdfast/work';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession, SqlWork } from './sql-session.ts';

/** What a unit of work needs of its transaction. */
export interface UnitSessionOptions {
  /** Turns what the database threw into a `StorageError`; answers other errors as they are. */
  readonly translate: (error: unknown, operation: string) => unknown;
  /** Runs statements so that the transaction can go on when they fail. @default they are run as they are */
  readonly guard?: <T>(run: () => Promise<T>) => Promise<T>;
}

/** The session inside a unit of work: every operation is a part of its transaction, one after another. */
export class UnitSession implements SqlSession {
  readonly #transaction: Kysely<RegistrySchema>;
  readonly #options: UnitSessionOptions;
  readonly #queue: SerialQueue = new SerialQueue();
  #ended = false;

  constructor(transaction: Kysely<RegistrySchema>, options: UnitSessionOptions) {
    this.#transaction = transaction;
    this.#options = options;
  }

  /** Whether its unit of work is over. */
  get ended(): boolean {
    return this.#ended;
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#run(operation, () => work(this.#transaction));
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    const { guard = unguarded } = this.#options;
    return this.#run(operation, () => guard(() => work(this.#transaction)));
  }

  /** Refuses everything from now on, and waits for what has begun. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#queue.idle();
  }

  #run<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#ended) throw registryErrors.over(operation);
      try {
        return await work();
      } catch (error) {
        throw this.#options.translate(error, operation);
      }
    });
  }
}

function unguarded<T>(run: () => Promise<T>): Promise<T> {
  return run();
}
