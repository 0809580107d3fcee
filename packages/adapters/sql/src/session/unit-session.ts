import { SerialQueue } from '@holdfast/adapter-kit';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import { toStorageError } from '../to-storage-error.ts';
import type { SqlSession, SqlWork } from './sql-session.ts';

/** The session inside a unit of work: every operation is a part of its transaction, one after another. */
export class UnitSession implements SqlSession {
  readonly #transaction: Kysely<RegistrySchema>;
  readonly #queue: SerialQueue = new SerialQueue();
  #ended = false;

  constructor(transaction: Kysely<RegistrySchema>) {
    this.#transaction = transaction;
  }

  /** Whether its unit of work is over. */
  get ended(): boolean {
    return this.#ended;
  }

  read<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#run(operation, work);
  }

  write<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#run(operation, work);
  }

  /** Refuses everything from now on, and waits for what has begun. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#queue.idle();
  }

  #run<T>(operation: string, work: SqlWork<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#ended) throw registryErrors.over(operation);
      try {
        return await work(this.#transaction);
      } catch (error) {
        throw toStorageError(error, operation);
      }
    });
  }
}
