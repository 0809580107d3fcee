import { randomUUID } from 'node:crypto';
import { UnitOfWorkScope } from '@holdfast/adapter-kit';
import { SerialQueue } from '@holdfast/work';
import { type MemorySession, UnitSession } from './memory-session.ts';
import { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/** What a registry in memory holds. Several `MemoryRegistryStore`s over the same records are one registry. */
export class MemoryRegistryRecords implements MemorySession {
  readonly #scope = new UnitOfWorkScope(registryErrors);
  readonly #turns = new SerialQueue();
  #committed = new MemoryTables();

  /** @param options `newId` makes the registry's id; `randomUUID` of `node:crypto` by default. */
  constructor(options: { readonly newId?: () => string } = {}) {
    this.#committed.registryId = (options.newId ?? randomUUID)();
  }

  /** Other records of the same registry, as a copy of its file would be. */
  copy(): MemoryRegistryRecords {
    const copy = new MemoryRegistryRecords();
    copy.#committed = this.#committed.fork();
    return copy;
  }

  /** The registry's own id. */
  get registryId(): string {
    return this.#committed.registryId;
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
        const result = await this.#scope.run(session, () => work(session));
        this.#committed = tables;
        return result;
      } finally {
        session.end();
      }
    });
  }

  async #inTurn<T>(operation: string, work: () => Promise<T>): Promise<T> {
    this.#scope.checkOutside(operation);
    return this.#turns.run(work);
  }
}
