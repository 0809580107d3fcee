import {
  type DeleteResult,
  type DeleteTarget,
  type OperationContext,
  StorageError,
  throwIfCancelled,
} from '@holdfast/ports';
import { forEachAtOnce } from '@holdfast/work';
import { type RequestFailure, storageErrorOf } from '../requests/request-failure.ts';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { CloudDriver } from './cloud-driver.ts';

const mostAtOnce = 1_000;

/** A target and its spelled name. */
export type NamedTarget = DeleteTarget & { readonly name: string };

/** What removing needs. */
export interface CloudRemovalOptions {
  readonly runner: RequestRunner;
  readonly poolSize: number;
  readonly signal: AbortSignal | undefined;
}

/** One delete of many targets: in one request where no condition stands and the backend can, and each told apart. */
export class CloudRemoval {
  readonly #driver: CloudDriver;
  readonly #options: CloudRemovalOptions;

  constructor(driver: CloudDriver, options: CloudRemovalOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  async run(targets: readonly NamedTarget[]): Promise<readonly DeleteResult[]> {
    const results = new Map<number, DeleteResult>();
    const together: number[] = [];
    const { poolSize } = this.#options;
    await forEachAtOnce(
      targets,
      async (target, index) => {
        const result = await this.#resultOf(target, async () => {
          const early = await this.#before(target);
          return early ?? (this.#canGoTogether(target, targets) ? undefined : this.#remove(target));
        });
        if (result === undefined) together.push(index);
        else results.set(index, result);
      },
      { atOnce: poolSize },
    );
    for (let start = 0; start < together.length; start += mostAtOnce) {
      const some = together.slice(start, start + mostAtOnce);
      const named = some.flatMap((index) => targets[index] ?? []);
      const removed = await this.#removeTogether(named);
      for (const [position, index] of some.entries()) {
        const result = removed[position];
        if (result !== undefined) results.set(index, result);
      }
    }
    return targets.map(({ key }, index) => results.get(index) ?? { key, outcome: 'absent' });
  }

  #canGoTogether({ ifMatch }: NamedTarget, targets: readonly NamedTarget[]): boolean {
    return ifMatch === undefined && targets.length > 1 && this.#driver.removeMany !== undefined;
  }

  /** What can be told without removing anything. */
  async #before(target: NamedTarget): Promise<DeleteResult | undefined> {
    const { key, name, ifMatch } = target;
    const isNoEtag = ifMatch !== undefined && !this.#driver.isEtag(ifMatch);
    if (this.#driver.tellsAbsence && !isNoEtag) return undefined;
    const context = this.#context(target);
    const found = await this.#options.runner.run(context, { signal: this.#options.signal }, (signal) =>
      this.#driver.head(name, { signal }),
    );
    if (found === undefined) return { key, outcome: 'absent' };
    if (ifMatch === undefined || ifMatch === found.etag) return undefined;
    throw new StorageError({ ...context, code: 'precondition-failed' });
  }

  async #remove(target: NamedTarget): Promise<DeleteResult> {
    const { key, name, ifMatch } = target;
    const context = this.#context(target);
    const settle = ifMatch === undefined ? undefined : () => this.#settle(target, context);
    const run = { signal: this.#options.signal, isCommit: true, ...(settle === undefined ? {} : { settle }) };
    const outcome = await this.#options.runner.run(context, run, async (signal, { isUnsettled }) => {
      const told = await this.#driver.remove(name, { ifMatch, signal });
      return isUnsettled ? 'deleted' : told;
    });
    return { key, outcome };
  }

  /** Whether a removal under a condition has happened whose answer was lost. */
  async #settle({ name, ifMatch }: NamedTarget, context: OperationContext): Promise<'deleted' | undefined> {
    const { runner, signal } = this.#options;
    const found = await runner.run(context, { signal }, (attempt) =>
      this.#driver.head(name, { signal: attempt }),
    );
    if (found === undefined) return 'deleted';
    if (found.etag === ifMatch) return undefined;
    throw new StorageError({
      ...context,
      code: 'indeterminate',
      message: 'The answer to a deletion was lost, and another state is there now.',
      hint: 'Read the object before you try again.',
    });
  }

  async #removeTogether(targets: readonly NamedTarget[]): Promise<readonly DeleteResult[]> {
    const context: OperationContext = {
      operation: 'delete',
      backend: this.#driver.backend,
      place: this.#driver.place,
    };
    const names = targets.map(({ name }) => name);
    const failures = await this.#options.runner.run(
      context,
      { signal: this.#options.signal, isCommit: true },
      async (signal) => (await this.#driver.removeMany?.(names, { signal })) ?? [],
    );
    return Promise.all(targets.map((target, index) => this.#afterTogether(target, failures[index])));
  }

  async #afterTogether(target: NamedTarget, failure: RequestFailure | undefined): Promise<DeleteResult> {
    if (failure === undefined) return { key: target.key, outcome: 'deleted' };
    if (failure.isTemporary) return this.#resultOf(target, () => this.#remove(target));
    const history = { attempts: 1, retry: 'never', cause: undefined } as const;
    return { key: target.key, error: storageErrorOf(failure, this.#context(target), history) };
  }

  /** One refusal does not stop the others; cancellation does. */
  async #resultOf<T>(target: NamedTarget, work: () => Promise<T>): Promise<T | DeleteResult> {
    const context = this.#context(target);
    try {
      throwIfCancelled(this.#options.signal, context);
      return await work();
    } catch (error) {
      if (StorageError.isInstance(error) && error.code !== 'cancelled') return { key: target.key, error };
      throw error;
    }
  }

  #context({ key }: NamedTarget): OperationContext {
    return { operation: 'delete', backend: this.#driver.backend, key, place: this.#driver.place };
  }
}
