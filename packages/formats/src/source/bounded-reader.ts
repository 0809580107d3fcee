import type { ByteRangeSource } from './byte-range-source.ts';
import { ReadBudget } from './read-budget.ts';
import { readExactly } from './read-exactly.ts';

/** Settings of a {@link BoundedReader}. */
export interface BoundedReaderOptions {
  /** Shared by all readers of one operation. @default a fresh one of 100 MiB */
  readonly budget?: ReadBudget | undefined;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal | undefined;
}

const headSizeBytes = 4096;

/**
 * Reads a {@link ByteRangeSource} without ever passing a budget. No length is trusted before it is
 * compared with the size of the source, so nothing is allocated because a file says so.
 * The first 4 KiB are kept, since every detector looks there.
 */
export class BoundedReader {
  readonly #source: ByteRangeSource;
  readonly #budget: ReadBudget;
  readonly #signal: AbortSignal | undefined;
  #head: Uint8Array | undefined;

  constructor(source: ByteRangeSource, options: BoundedReaderOptions = {}) {
    this.#source = source;
    this.#budget = options.budget ?? new ReadBudget();
    this.#signal = options.signal;
  }

  /** Takes from the budget for work that costs more than reading, such as a slow parser. */
  charge(bytes: number): void {
    this.#budget.take(bytes);
  }

  /** The size of the source, in bytes. */
  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  /**
   * Up to `length` bytes from `offset`; fewer only where the source ends, none past it.
   *
   * @throws DetailLimit when the budget is spent.
   * @throws FormatError when the source gives fewer bytes than its size promises.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    if (end <= offset) return new Uint8Array(0);
    const headEnd = Math.min(headSizeBytes, this.sizeBytes);
    if (end > headEnd) return this.#fetch(offset, end - offset);
    this.#head ??= await this.#fetch(0, headEnd);
    return this.#head.subarray(offset, end);
  }

  async #fetch(offset: number, length: number): Promise<Uint8Array> {
    this.#signal?.throwIfAborted();
    this.#budget.take(length);
    return readExactly(this.#source, { offset, length, signal: this.#signal });
  }
}
