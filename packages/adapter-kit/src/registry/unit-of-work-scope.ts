import { AsyncLocalStorage } from 'node:async_hooks';
import type { RegistryErrors } from './registry-errors.ts';

/** A unit of work, as far as its scope has to know it. */
export interface UnitOfWork {
  /** Whether it is over. */
  readonly ended: boolean;
}

/**
 * Knows which work is done inside a unit of work. Writers of a registry take turns, so work in there that asked for a
 * turn of its own would wait for itself.
 */
export class UnitOfWorkScope {
  readonly #current = new AsyncLocalStorage<UnitOfWork>();
  readonly #errors: RegistryErrors;

  constructor(errors: RegistryErrors) {
    this.#errors = errors;
  }

  /** Runs work as a part of a unit: all that it begins, awaited or not, is inside until the unit has ended. */
  run<T>(unit: UnitOfWork, work: () => T): T {
    return this.#current.run(unit, work);
  }

  /** @throws StorageError `invalid-argument` inside a unit of work that has not ended. */
  checkOutside(operation: string): void {
    const unit = this.#current.getStore();
    if (unit !== undefined && !unit.ended) throw this.#errors.nested(operation);
  }
}
