/** A map that is forked at once and copied when one side is first written to. Its values are never changed. */
export class ForkableMap<Value> {
  #entries: Map<string, Value> = new Map();
  #isShared = false;

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  values(): IterableIterator<Value> {
    return this.#entries.values();
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  set(key: string, value: Value): void {
    this.#own().set(key, value);
  }

  delete(key: string): boolean {
    return this.#entries.has(key) && this.#own().delete(key);
  }

  /** A map of the same entries; what is written to one is not seen in the other. */
  fork(): ForkableMap<Value> {
    const fork = new ForkableMap<Value>();
    fork.#entries = this.#entries;
    fork.#isShared = true;
    this.#isShared = true;
    return fork;
  }

  #own(): Map<string, Value> {
    if (this.#isShared) {
      this.#entries = new Map(this.#entries);
      this.#isShared = false;
    }
    return this.#entries;
  }
}
