import { FormatError } from '../format-error.ts';
import type { ByteRangeReadOptions, ByteRangeSource } from './byte-range-source.ts';
import { ReadBudget } from './read-budget.ts';

/** Settings of a {@link BoundedReader}. */
export interface BoundedReaderOptions {
  /** Shared by all readers of one operation. @default a fresh one of 100 MiB */
  readonly budget?: ReadBudget;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal;
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

  /** The size of the source, in bytes. */
  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  /**
   * Up to `length` bytes from `offset`; fewer only where the source ends, none past it.
   *
   * @throws FormatError when the budget is spent, or the source gives fewer bytes than its size promises.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    if (end <= offset) return new Uint8Array(0);
    const headEnd = Math.min(headSizeBytes, this.sizeBytes);
    if (end > headEnd) return this.#fetch(offset, end - offset);
    this.#head ??= await this.#fetch(0, headEnd);
    return this.#head.subarray(offset, end);
  }

  /**
   * Fills memory of the caller's from `offset`.
   *
   * @throws FormatError when the budget is spent, or the source ends before the target is full.
   */
  async readInto(offset: number, target: Uint8Array): Promise<void> {
    if (this.#source.readInto === undefined) {
      target.set(await this.#fetch(offset, target.byteLength));
      return;
    }
    this.#take(target.byteLength, offset);
    const bytesRead = await this.#source.readInto(offset, target, this.#readOptions);
    if (bytesRead !== target.byteLength) throw shortRead(offset, { due: target.byteLength, bytesRead });
  }

  get #readOptions(): ByteRangeReadOptions {
    return this.#signal === undefined ? {} : { signal: this.#signal };
  }

  #take(length: number, offset: number): void {
    this.#signal?.throwIfAborted();
    this.#budget.take(length, offset);
  }

  async #fetch(offset: number, length: number): Promise<Uint8Array> {
    this.#take(length, offset);
    const bytes = await this.#source.read(offset, length, this.#readOptions);
    if (bytes.byteLength !== length) throw shortRead(offset, { due: length, bytesRead: bytes.byteLength });
    return bytes;
  }
}

function shortRead(
  offset: number,
  { due, bytesRead }: { readonly due: number; readonly bytesRead: number },
): FormatError {
  return new FormatError({
    format: 'binary',
    offset: offset + bytesRead,
    reason: `the source gave ${bytesRead} bytes where ${due} were due`,
    hint: 'The file changed while it was read; try again.',
  });
}
