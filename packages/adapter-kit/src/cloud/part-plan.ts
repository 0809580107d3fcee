import { type OperationContext, StorageError } from '@holdfast/ports';

const mebibyte = 1_048_576;
/** Longest part that is held in memory, whatever the size of the object. */
const largestPartBytes = 64 * mebibyte;

/** What a backend asks of the parts of an upload. */
export interface PartLimits {
  /** Shortest part, the last one apart. */
  readonly minimumPartBytes: number;
  readonly maximumParts: number;
}

/** How much memory uploads and downloads take. */
export interface TransferOptions {
  /**
   * Length of a part, where the object does not need longer ones. What fits into one is sent, or fetched, in one
   * request. @default 8 MiB
   */
  readonly partSizeBytes?: number;
  /** Most bytes that one upload or download holds in memory: parts at once times their length. @default 32 MiB */
  readonly bufferBytes?: number;
}

/**
 * Cuts uploads into parts so that memory stays bounded and their number within what the backend takes. Objects of
 * known size get parts of one length; those of unknown size get longer ones as they go on.
 */
export class PartPlan {
  readonly #limits: PartLimits;
  readonly #partSizeBytes: number;
  readonly #bufferBytes: number;

  constructor(
    limits: PartLimits,
    { partSizeBytes = 8 * mebibyte, bufferBytes = 32 * mebibyte }: TransferOptions,
  ) {
    this.#limits = limits;
    this.#partSizeBytes = Math.max(partSizeBytes, limits.minimumPartBytes);
    this.#bufferBytes = bufferBytes;
  }

  /** Largest object whose parts fit into memory. */
  get maximumSizeBytes(): number {
    return this.#limits.maximumParts * this.#largestPartBytes;
  }

  /** Up to this length an object is sent in one request. */
  get wholeSizeBytes(): number {
    return this.#partSizeBytes;
  }

  /**
   * The length of a part, from its number (from 1) and the object's size where it is known.
   *
   * @throws StorageError `invalid-argument` when an object of unknown size needs more parts than there may be.
   */
  partSizeBytes(number: number, sizeBytes: number | undefined, context: OperationContext): number {
    const { maximumParts } = this.#limits;
    if (sizeBytes !== undefined) {
      const needed = Math.ceil(Math.ceil(sizeBytes / maximumParts) / mebibyte) * mebibyte;
      return Math.min(Math.max(this.#partSizeBytes, needed), this.#largestPartBytes);
    }
    if (number <= maximumParts) {
      const doublings = Math.floor(((number - 1) * 5) / maximumParts);
      return Math.min(this.#partSizeBytes * 2 ** doublings, this.#largestPartBytes);
    }
    throw new StorageError({
      ...context,
      code: 'invalid-argument',
      message: 'The source gives more bytes than fit into an upload of unknown size.',
      hint: 'Say the size with sizeBytes, so that parts of the right length can be chosen.',
    });
  }

  /** How many parts of a length may be on their way at once. */
  partsAtOnce(partSizeBytes: number): number {
    return Math.max(1, Math.floor(this.#bufferBytes / partSizeBytes));
  }

  /** How an object is read that is longer than a part. */
  get readParts(): { readonly sizeBytes: number; readonly atOnce: number } {
    return { sizeBytes: this.#partSizeBytes, atOnce: this.partsAtOnce(this.#partSizeBytes) };
  }

  get #largestPartBytes(): number {
    return Math.max(largestPartBytes, this.#partSizeBytes);
  }
}
