import type { ByteRangeSource } from '@holdfast/formats';

/** Random access to a stored object, one range at a time. */
export class ObjectRangeSource implements ByteRangeSource {
  readonly sizeBytes: number;
  readonly #load: (range: { readonly offset: number; readonly length: number }) => Promise<Uint8Array>;

  constructor(
    sizeBytes: number,
    load: (range: { readonly offset: number; readonly length: number }) => Promise<Uint8Array>,
  ) {
    this.sizeBytes = sizeBytes;
    this.#load = load;
  }

  /** The bytes from an offset on; fewer than asked for only at the end. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const available = Math.max(0, Math.min(length, this.sizeBytes - offset));
    return available === 0 ? new Uint8Array() : this.#load({ offset, length: available });
  }
}
