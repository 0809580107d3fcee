import { InvalidValueError } from '@holdfast/domain';
import { refusedAtLimit } from '../refused-at-limit.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { checkCount } from '../value/check-value.ts';
import { product } from '../value/lazy-array.ts';
import type { ElementOrder, Value } from '../value/value.ts';
import { whatIs } from '../what-is.ts';
import { decodeNumpy, whyRefused } from './decode-numpy.ts';
import {
  type NpyHeader,
  npyError,
  npyPrefixBytes,
  npyUnsupported,
  readNpyHeader,
} from './read-npy-header.ts';

/** An array that comes as a stream. */
export interface NpyStream {
  /** The element type as NumPy writes it. */
  readonly typeText: string;
  readonly shape: readonly number[];
  readonly order: ElementOrder;
  /**
   * The array in parts along its slowest dimension, each of at most `rows` entries of it, as they arrive. Can be read
   * once. A scalar comes as one batch.
   *
   * @throws FormatError when the stream ends too early.
   */
  batches(rows: number): AsyncIterable<Value>;
}

/**
 * Reads a `.npy` file from a stream: the header at once, then batches, so that memory is bounded by a batch.
 *
 * @throws FormatError when the stream is no `.npy` file, or holds Python objects.
 */
export async function streamNpy(chunks: AsyncIterable<Uint8Array>): Promise<NpyStream> {
  if (typeof chunks !== 'object' || chunks === null || !(Symbol.asyncIterator in chunks))
    throw new InvalidValueError({
      field: 'chunks',
      value: whatIs(chunks),
      reason: 'must be an async iterable of bytes, such as a stream',
    });
  const queue = new ByteQueue(chunks);
  const prefix = await queue.peek(npyPrefixBytes);
  const head = await queue.peek(npyHeaderEnd(prefix));
  const header = await refusedAtLimit('numpy', () => readNpyHeader(new BoundedReader(bytesSource(head))));
  if (header === undefined)
    throw npyError('the stream does not begin with the signature of a NumPy array', 0);
  if (header.dataBytes === undefined) throw npyUnsupported(whyRefused(header.dtype), header.dataStart);
  const order = header.isFortranOrder ? 'column-major' : 'row-major';
  return {
    typeText: header.dtype.text,
    shape: header.shape,
    order,
    batches: (rows) => batches(queue, header, { rows, order }),
  };
}

async function* batches(
  queue: ByteQueue,
  { dtype, shape, dataStart }: NpyHeader,
  { rows, order }: { readonly rows: number; readonly order: ElementOrder },
): AsyncGenerator<Value> {
  checkCount('rows', rows);
  await queue.take(dataStart);
  const slowest = order === 'row-major' ? 0 : shape.length - 1;
  const extent = shape[slowest];
  const rowBytes = dtype.itemBytes * product(extent === undefined ? [] : shape.with(slowest, 1));
  let offset = dataStart;
  for (let row = 0; row < (extent ?? 1); row += rows) {
    const count = Math.min(rows, (extent ?? 1) - row);
    const bytes = await queue.take(count * rowBytes);
    if (bytes.length < count * rowBytes)
      throw npyError(
        `the stream ends in batch ${Math.floor(row / rows)}, at row ${row}`,
        offset + bytes.length,
      );
    const part = extent === undefined ? shape : shape.with(slowest, count);
    const start = offset;
    yield decodeNumpy({ dtype, shape: part, order, bytes, errorOf: (reason) => npyError(reason, start) });
    offset += bytes.length;
  }
}

function npyHeaderEnd(prefix: Uint8Array): number {
  if (prefix.length < npyPrefixBytes) return prefix.length;
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const isShort = prefix[6] === 1;
  return Math.min(isShort ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true), 2 ** 20 + 12);
}

/** Bytes of a stream, taken in pieces of any size. Chunks are lent, so what stays is copied. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #kept: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, left where they are; fewer only where the stream ends. */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#kept.length < length) this.#kept = await this.#fill(length);
    return this.#kept.subarray(0, length);
  }

  /** The next bytes, in memory of their own; fewer only where the stream ends. */
  async take(length: number): Promise<Uint8Array> {
    const whole = this.#kept.length >= length ? this.#kept : await this.#fill(length);
    this.#kept = whole.slice(length);
    return whole.slice(0, length);
  }

  async #fill(length: number): Promise<Uint8Array> {
    let filled = this.#kept.length;
    const pieces = [this.#kept];
    while (filled < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      pieces.push(new Uint8Array(value));
      filled += value.length;
    }
    return concatenateBytes(pieces);
  }
}
