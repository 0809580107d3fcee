import { compareKeys } from '@holdfast/domain';

/** How far a listing has come, in the order of the names: after a name, and past all that begin with a fold. */
export class WalkPosition {
  #after: string;
  #fold: string | undefined;

  constructor(after: string, fold?: string) {
    this.#after = after;
    this.#fold = fold;
  }

  static parse(cursor: string): WalkPosition {
    const [after = '', fold] = JSON.parse(cursor) as readonly string[];
    return new WalkPosition(after, fold);
  }

  print(): string {
    return JSON.stringify(this.#fold === undefined ? [this.#after] : [this.#after, this.#fold]);
  }

  /** A name was told; no name ends with `/`, so a folder's own name stands for all that lie in it or later. */
  passed(name: string): void {
    this.#after = name;
  }

  /** A fold was told. */
  folded(fold: string): void {
    this.#after = fold;
    this.#fold = fold;
  }

  /** Whether a name is still to come. */
  isBefore(name: string): boolean {
    return !this.#isFolded(name) && compareKeys(name, this.#after) > 0;
  }

  /** Whether names in a folder, spelled with `/` at its end, are still to come. */
  isBeforeEndOf(folder: string): boolean {
    return !this.#isFolded(folder) && (this.isInside(folder) || compareKeys(folder, this.#after) >= 0);
  }

  /** Whether the listing has stopped in a folder. */
  isInside(folder: string): boolean {
    return this.#after.length > folder.length && this.#after.startsWith(folder);
  }

  #isFolded(text: string): boolean {
    return this.#fold !== undefined && text.startsWith(this.#fold);
  }
}
