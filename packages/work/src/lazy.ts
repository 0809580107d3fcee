/** A value that is made when it is first asked for, once; a failure is not kept, so the next one tries again. */
export class Lazy<T> {
  readonly #create: () => Promise<T>;
  #made: Promise<T> | undefined;

  constructor(create: () => Promise<T>) {
    this.#create = create;
  }

  get(): Promise<T> {
    this.#made ??= this.#create().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** Ends what was made, if anything was: what fails to be made needs no end. */
  async end(free: (value: T) => void | Promise<void>): Promise<void> {
    const made = await this.#made?.then(
      (value) => ({ value }),
      () => undefined,
    );
    if (made !== undefined) await free(made.value);
  }
}
