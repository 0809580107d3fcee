import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Material that several benchmarks use, such as a large file: made by the first one, removed after the run. */
export class SharedMaterial {
  readonly #folder: string;
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Answers what was made under this name, and makes it in an empty folder if nobody has yet. */
  find<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
    let found = this.#made.get(name);
    if (found === undefined) {
      found = this.#make(name, make);
      this.#made.set(name, found);
    }
    return found as Promise<T>;
  }

  async #make<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    return make(folder);
  }
}
