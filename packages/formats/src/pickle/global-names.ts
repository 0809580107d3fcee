import type { PickleCollection, PickleMeaning, PickleScalar } from './pickle-meaning.ts';

/** A text, which may be a name; of any other value nothing is known. */
type Known = string | null;

const longestName = 256;
const mostNames = 1000;
const arrayWrapper =
  /^joblib\.numpy_pickle(?:_compat)?\.(?:NumpyArrayWrapper|NDArrayWrapper|ZNDArrayWrapper)$/;

/**
 * Follows which names a pickle would import. It is good enough to tell formats apart, and no security check: names that are
 * computed are `?` here.
 */
export class GlobalNames implements PickleMeaning<Known> {
  readonly #seen = new Set<string>();
  readonly #found: string[] = [];

  /** The names so far, dotted, in order. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** Joblib writes the data of an array right behind its wrapper, between the opcodes. */
  isInterrupted(): boolean {
    return arrayWrapper.test(this.#found.at(-1) ?? '');
  }

  scalar(value: PickleScalar): Known {
    return typeof value === 'string' && value.length <= longestName ? value : null;
  }

  global(module: Known, name: Known): null {
    const dotted = `${module ?? '?'}.${name ?? '?'}`;
    if (!this.#seen.has(dotted) && this.#found.length < mostNames) {
      this.#seen.add(dotted);
      this.#found.push(dotted);
    }
    return null;
  }

  collection(_kind: PickleCollection, _items: readonly Known[]): null {
    return null;
  }

  itemsOf(_tuple: Known): readonly Known[] {
    return [];
  }

  extend(): void {}

  call(): null {
    return null;
  }

  build(): null {
    return null;
  }

  persistent(): null {
    return null;
  }

  extension(): null {
    return null;
  }

  unknown(): null {
    return null;
  }
}
