import type { PickleMeaning } from './pickle-meaning.ts';

/** The stack of a pickle with its marks, and its memo. */
export class PickleStack<V> {
  readonly #handler: Pick<PickleMeaning<V>, 'unknown'>;
  readonly #items: V[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, V>();

  constructor(handler: Pick<PickleMeaning<V>, 'unknown'>) {
    this.#handler = handler;
  }

  /** How many items are above the last mark. */
  get count(): number {
    return this.#items.length - (this.#marks.at(-1) ?? 0);
  }

  /** How many items are below the last mark, above the one before it. */
  get countBelowMark(): number {
    return (this.#marks.at(-1) ?? 0) - (this.#marks.at(-2) ?? 0);
  }

  get hasMark(): boolean {
    return this.#marks.length > 0;
  }

  mark(): void {
    this.#marks.push(this.#items.length);
  }

  push(value: V): void {
    this.#items.push(value);
  }

  /** The item on top, which the machine made sure of. */
  pop(): V {
    return this.#items.pop() as V;
  }

  top(): V {
    return this.#items.at(-1) as V;
  }

  /** Takes the items above the last mark, and the mark. */
  popToMark(): V[] {
    return this.#items.splice(this.#marks.pop() ?? 0);
  }

  /** Takes the item on top, or the mark where there is none above it; `false` where there is neither. */
  drop(): boolean {
    if (this.count > 0) this.#items.pop();
    else if (this.#marks.pop() === undefined) return false;
    return true;
  }

  remember(index: number = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  /** What was remembered; `undefined` where nothing was and the handler has no answer. */
  recall(index: number): { readonly value: V } | undefined {
    if (this.#memo.has(index)) return { value: this.#memo.get(index) as V };
    const value = this.#handler.unknown(index);
    return value === undefined ? undefined : { value };
  }
}
