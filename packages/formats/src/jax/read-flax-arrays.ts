import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { ByteWindow } from '../source/byte-window.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { type MsgpackHead, msgpackHead } from './msgpack-head.ts';

const maximumDepth = 64;
const maximumValues = 1_000_000;
const longestTextBytes = 65_536;
const arrayExtension = 1;
const flaxExtensions: ReadonlySet<number> = new Set([1, 2, 3]);
const bytesPerElement: ReadonlyMap<string, number> = new Map(
  Object.entries({
    bool: 1,
    int8: 1,
    uint8: 1,
    int16: 2,
    uint16: 2,
    int32: 4,
    uint32: 4,
    int64: 8,
    uint64: 8,
    float16: 2,
    bfloat16: 2,
    float32: 4,
    float64: 8,
    complex64: 8,
    complex128: 16,
  }),
);

class NotFlax extends Error {}

class CutShort extends Error {}

/**
 * Walks a msgpack document as `flax.serialization.to_bytes` writes it: nested maps with text keys,
 * whose leaves are arrays in an extension type. Gives the arrays, or `undefined` for anything that
 * is not such a document from its first byte to its last. Array data is skipped.
 *
 * @throws FormatError when the file breaks off after at least one such array.
 * @see https://flax.readthedocs.io/en/latest/api_reference/flax.serialization.html
 */
export async function readFlaxArrays(reader: BoundedReader): Promise<TensorDescription[] | undefined> {
  const [first, second] = await reader.read(0, 2);
  if (!beginsTextKeyedMap(first, second)) return undefined;
  const walker = new Walker(reader);
  try {
    const end = await walker.value(0, { path: [], depth: 0 });
    return end === reader.sizeBytes && walker.arrays.length > 0 ? walker.arrays : undefined;
  } catch (error) {
    if (error instanceof NotFlax) return undefined;
    if (!(error instanceof CutShort)) throw error;
    if (walker.arrays.length === 0) return undefined;
    throw new FormatError({
      format: 'jax_params',
      offset: reader.sizeBytes,
      reason: `the msgpack document breaks off after ${walker.arrays.length} arrays`,
      hint: 'The file is cut short: fetch it again, or write it again with flax.serialization.',
    });
  }
}

function beginsTextKeyedMap(first: number | undefined, second: number | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  if (first === 0xde || first === 0xdf) return true;
  return (
    first > 0x80 &&
    first <= 0x8f &&
    (second === 0xd9 || second === 0xda || (second >= 0xa0 && second <= 0xbf))
  );
}

interface Place {
  readonly path: readonly string[];
  readonly depth: number;
}

class Walker {
  readonly arrays: TensorDescription[] = [];
  readonly #window: ByteWindow;
  #valueCount = 0;

  constructor(reader: BoundedReader) {
    this.#window = new ByteWindow(reader);
  }

  /** Walks one value and gives the offset after it. */
  async value(offset: number, place: Place): Promise<number> {
    const head = await this.#head(offset);
    const inner = { path: place.path, depth: place.depth + 1 };
    if (inner.depth > maximumDepth) throw new NotFlax();
    if (head.kind === 'extension') return this.#extension(offset, head, place);
    if (head.kind === 'map') return this.#map(offset + head.headBytes, head.count, inner);
    if (head.kind !== 'array') return this.#within(offset + head.headBytes + head.count);
    let position = offset + head.headBytes;
    for (let index = 0; index < head.count; index += 1) {
      position = await this.value(position, { ...inner, path: [...place.path, String(index)] });
    }
    return position;
  }

  async #map(start: number, count: number, place: Place): Promise<number> {
    let position = start;
    for (let index = 0; index < count; index += 1) {
      const key = await this.#text(position);
      position = await this.value(key.end, { ...place, path: [...place.path, key.text] });
    }
    return position;
  }

  async #extension(offset: number, head: MsgpackHead, place: Place): Promise<number> {
    const contentStart = offset + head.headBytes;
    const type = (await this.#bytes(contentStart - 1, 1))[0];
    if (!flaxExtensions.has(type ?? 0)) throw new NotFlax();
    const end = contentStart + head.count;
    if (type === arrayExtension)
      this.arrays.push(await this.#flaxArray(contentStart, { end, path: place.path }));
    return this.#within(end);
  }

  async #flaxArray(
    start: number,
    place: { readonly end: number; readonly path: readonly string[] },
  ): Promise<TensorDescription> {
    const parts = await this.#head(start);
    const extents = await this.#head(start + parts.headBytes);
    if (parts.kind !== 'array' || parts.count !== 3 || extents.kind !== 'array' || extents.count > 64)
      throw new NotFlax();
    const shape: number[] = [];
    let position = start + parts.headBytes + extents.headBytes;
    for (let index = 0; index < extents.count; index += 1) {
      const extent = await this.#head(position);
      if (extent.kind !== 'integer' || extent.integerBytes === undefined) throw new NotFlax();
      shape.push(
        extent.integerBytes === 0 ? extent.value : await this.#unsigned(position + 1, extent.integerBytes),
      );
      position += extent.headBytes + extent.count;
    }
    const dtype = await this.#text(position);
    const data = await this.#head(dtype.end);
    const dataStart = dtype.end + data.headBytes;
    const dueBytes =
      (shapeElementCount(shape) ?? Number.NaN) * (bytesPerElement.get(dtype.text) ?? Number.NaN);
    const fits =
      dataStart + data.count === place.end && (dueBytes === data.count || !bytesPerElement.has(dtype.text));
    if (data.kind !== 'bytes' || !fits) throw new NotFlax();
    return {
      name: place.path.join('/'),
      dtype: dtype.text,
      elementType: dtype.text,
      shape,
      byteRange: { start: dataStart, end: place.end },
    };
  }

  async #head(offset: number): Promise<MsgpackHead> {
    this.#valueCount += 1;
    const head = msgpackHead(await this.#window.read(offset, 16));
    if (head === 'cut') throw new CutShort();
    if (head === undefined || this.#valueCount > maximumValues) throw new NotFlax();
    return head;
  }

  async #text(offset: number): Promise<{ text: string; end: number }> {
    const head = await this.#head(offset);
    if (head.kind !== 'text' || head.count > longestTextBytes) throw new NotFlax();
    const start = offset + head.headBytes;
    const bytes = await this.#bytes(start, head.count);
    try {
      return {
        text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
        end: start + head.count,
      };
    } catch {
      throw new NotFlax();
    }
  }

  async #unsigned(offset: number, length: number): Promise<number> {
    return (await this.#bytes(offset, length)).reduce((total, byte) => total * 256 + byte, 0);
  }

  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#window.read(offset, length);
    if (bytes.length < length) throw new CutShort();
    return bytes;
  }

  #within(end: number): number {
    if (end > this.#window.sizeBytes) throw new CutShort();
    return end;
  }
}
