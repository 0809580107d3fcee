import { ForkableMap } from './forkable-map.ts';

/** Maps by name, forked together; one that was never written to is empty. */
export class ForkableMaps<Value> {
  readonly #maps = new Map<string, ForkableMap<Value>>();

  of(name: string): ForkableMap<Value> {
    const known = this.#maps.get(name);
    if (known !== undefined) return known;
    const made = new ForkableMap<Value>();
    this.#maps.set(name, made);
    return made;
  }

  /** Whether no map has an entry. */
  get isEmpty(): boolean {
    return this.#maps.values().every((map) => map.keys().next().done === true);
  }

  fork(): ForkableMaps<Value> {
    const fork = new ForkableMaps<Value>();
    for (const [name, map] of this.#maps) fork.#maps.set(name, map.fork());
    return fork;
  }
}
