import type { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/** How repositories reach the tables: on their own, or inside a unit of work. */
export interface MemorySession {
  /** Reads the tables at one moment. */
  read<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T>;
  /** Changes the tables at one moment. Work that throws has changed nothing. */
  write<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T>;
}

/** The session inside a unit of work, on a fork of the tables. */
export class UnitSession implements MemorySession {
  readonly #tables: MemoryTables;
  #ended = false;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  /** Whether its unit of work is over. */
  get ended(): boolean {
    return this.#ended;
  }

  async read<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T> {
    if (this.#ended) throw registryErrors.over(operation);
    return work(this.#tables);
  }

  write<T>(operation: string, work: (tables: MemoryTables) => T): Promise<T> {
    return this.read(operation, work);
  }

  /** Refuses everything from now on. */
  end(): void {
    this.#ended = true;
  }
}
