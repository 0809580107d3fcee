/** One repetition of one contender: it takes one figure. */
export class Turn {
  /** Different for every turn of a run: names what the turn makes. */
  readonly label: string;
  #value: number | undefined;

  constructor(label: string) {
    this.label = label;
  }

  /** Times work, in milliseconds; everything else that a contender does is not counted. */
  async measure(work: () => Promise<void>): Promise<void> {
    const begin = performance.now();
    await work();
    this.record(performance.now() - begin);
  }

  /** Takes a figure that was measured elsewhere, such as in another process. */
  record(value: number): void {
    if (this.#value !== undefined) throw new Error('A turn was measured twice.');
    this.#value = value;
  }

  /** @throws Error when nothing was measured. */
  get value(): number {
    if (this.#value === undefined) throw new Error('A contender measured nothing.');
    return this.#value;
  }
}
