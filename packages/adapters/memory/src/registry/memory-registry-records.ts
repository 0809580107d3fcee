import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { type MemorySession, UnitSession } from './memory-session.ts';
import { MemoryTables } from './memory-tables.ts';

/** What a registry in memory holds. Several `MemoryRegistryStore`s over the same records are one registry. */
export class MemoryRegistryRecords implements MemorySession {
  /** The registry's own id. */
  readonly registryId: string;
  readonly #unit = new AsyncLocalStorage<UnitSession>();
  #committed = new MemoryTables();
  #lastTurn: Promise<void> = Promise.resolve();

  /** @param options `newId` makes the registry's id; `randomUUID` of `node:crypto` by default. */
  constructor(options: { readonly newId?: () => string } = {}) {
    this.registryId = (options.newId ?? randomUUID)();
  }

  /** @internal */
  async read<T>(_operation: string, work: (tables: MemoryTables) => T): Promise<T> {
    return work(this.#committed);
  }

  /** @internal */
  write<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T> {
    return this.#inTurn(operation, async () => work(this.#committed));
  }

  /** @internal */
  transaction<T>(work: (session: MemorySession) => Promise<T>): Promise<T> {
    return this.#inTurn('unitOfWork', async () => {
      const tables = this.#committed.fork();
      const session = new UnitSession(tables);
      try {
        const result = await this.#unit.run(session, () => work(session));
        this.#committed = tables;
        return result;
      } finally {
        session.end();
      }
    });
  }

  async #inTurn<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const unit = this.#unit.getStore();
    if (unit !== undefined && !unit.ended) throw nestedError(operation);
    const before = this.#lastTurn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastTurn = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }
}

function nestedError(operation: string): StorageError {
  return new StorageError({
    code: StorageErrorCode.InvalidArgument,
    operation,
    backend: StorageBackend.Memory,
    message: `${operation}: the outer repositories were used inside a unit of work, where they would wait for its end`,
    hint: 'Use the repositories that are handed to the unit of work.',
  });
}
