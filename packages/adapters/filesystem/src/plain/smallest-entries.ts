import { compareKeys } from '@holdfast/domain';

/** Something that is sorted by a text. */
export interface Sortable {
  readonly text: string;
}

/** Keeps the smallest of any number of entries, in the order of the UTF-8 bytes of their texts, each text once. */
export class SmallestEntries<Entry extends Sortable> {
  readonly #limit: number;
  #entries: Entry[] = [];
  #isComplete = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether nothing was left out. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * this.#limit) this.#shrink();
  }

  /** The entries, sorted. */
  sorted(): readonly Entry[] {
    this.#shrink();
    return this.#entries;
  }

  #shrink(): void {
    const sorted = this.#entries.toSorted((left, right) => compareKeys(left.text, right.text));
    const distinct = sorted.filter(({ text }, index) => text !== sorted[index - 1]?.text);
    this.#entries = distinct.slice(0, this.#limit);
    if (distinct.length > this.#limit) this.#isComplete = false;
  }
}
