import { Lazy } from '@holdfast/work';

/** Opens something at its first call, and hands out the same one from then on. */
export type Opener<T> = () => Promise<T>;

/** Owns what is opened, and closes it: the last first, once, all of it even when something fails to close. */
export class ResourceOwner implements AsyncDisposable {
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #opening = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** Owns something that is open. */
  own(resource: AsyncDisposable): void {
    this.#closers.push(async () => resource[Symbol.asyncDispose]());
  }

  /**
   * Makes the opener of something. An opening that fails is tried again by the next call.
   * What it opens is owned where `own` says so.
   */
  lazily<T>(
    open: () => Promise<T>,
    options: { readonly own?: (value: T) => AsyncDisposable } = {},
  ): Opener<T> {
    const opening = new Lazy(() => this.#track(open, options.own));
    return async () => {
      if (this.#closed !== undefined)
        throw new Error('The app was disposed: nothing can be asked of it any more.');
      return opening.get();
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #track<T>(open: () => Promise<T>, own: ((value: T) => AsyncDisposable) | undefined): Promise<T> {
    const opening = open();
    this.#opening.add(opening);
    try {
      const value = await opening;
      if (own !== undefined) this.own(own(value));
      return value;
    } finally {
      this.#opening.delete(opening);
    }
  }

  async #close(): Promise<void> {
    while (this.#opening.size > 0) await Promise.allSettled(this.#opening);
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 1) throw new AggregateError(failures, 'Several things could not be closed.');
    if (failures.length === 1) throw failures[0];
  }
}
