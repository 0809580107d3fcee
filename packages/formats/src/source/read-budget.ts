import { DetailLimit } from '../detail-limit.ts';

/** The most that one detection or inspection reads unless told otherwise: 100 MiB. */
const defaultReadBudgetBytes: number = 100 * 1024 * 1024;

/** Counts the bytes read by one operation, over all its files, and refuses to pass a limit. */
export class ReadBudget {
  readonly limitBytes: number;
  #spentBytes = 0;

  constructor(limitBytes: number = defaultReadBudgetBytes) {
    this.limitBytes = limitBytes;
  }

  /** Bytes taken so far. */
  get spentBytes(): number {
    return this.#spentBytes;
  }

  /**
   * Takes bytes before they are read.
   *
   * @throws DetailLimit when the limit would be passed; nothing is taken then.
   */
  take(lengthBytes: number): void {
    if (this.#spentBytes + lengthBytes > this.limitBytes) {
      throw new DetailLimit({ reason: `at most ${this.limitBytes} bytes are read to describe it` });
    }
    this.#spentBytes += lengthBytes;
  }
}
