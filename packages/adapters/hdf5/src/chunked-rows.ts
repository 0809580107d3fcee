import { copyBox, fillElements, intersection } from '@holdfast/formats';
import type { ChunkedStorage, ChunkLoader } from './chunk-loader.ts';

/** A row to read, and which row of the target it becomes. */
interface RowPlace {
  readonly row: number;
  readonly targetRow: number;
}

/** Rows out of chunks that have to be opened, or that are narrower than the dataset. */
export class ChunkedRows {
  readonly #storage: ChunkedStorage;
  readonly #shape: readonly number[];
  readonly #loader: ChunkLoader;
  /** The chunks that one row goes through. */
  readonly #across: number;
  /** Whether a chunk is as wide as the dataset, so that its rows follow each other. */
  readonly #isWide: boolean;
  readonly #rowBytes: number;

  constructor(storage: ChunkedStorage, shape: readonly number[], loader: ChunkLoader) {
    this.#storage = storage;
    this.#shape = shape;
    this.#loader = loader;
    const inner = shape.slice(1);
    this.#isWide = inner.every((extent, dimension) => storage.chunk[dimension + 1] === extent);
    this.#rowBytes = inner.reduce((product, extent) => product * extent, storage.itemBytes);
    this.#across = storage.grid.slice(1).reduce((product, extent) => product * extent, 1);
  }

  /** Reads rows that follow each other. */
  async rows(
    start: number,
    target: Uint8Array,
    options: { readonly count: number; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const { count, signal } = options;
    const [rowsInChunk = 1] = this.#storage.chunk;
    const end = start + count;
    const first = Math.floor(start / rowsInChunk);
    const last = Math.floor((end - 1) / rowsInChunk);
    const bands = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    await this.#load(bands, target, {
      signal,
      isKept: (band) =>
        band * rowsInChunk < start || Math.min((band + 1) * rowsInChunk, this.#shape[0] ?? 0) > end,
      copy: (bytes, chunk, band) => {
        const row = Math.max(start, band * rowsInChunk);
        const rows = Math.min(end, (band + 1) * rowsInChunk) - row;
        this.#copy(bytes, chunk, { row, rows, targetRow: row - start, target });
      },
    });
  }

  /** Reads rows in the order that is given. */
  async batch(rows: ArrayLike<number>, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const [rowsInChunk = 1] = this.#storage.chunk;
    const byBand = new Map<number, RowPlace[]>();
    for (let targetRow = 0; targetRow < rows.length; targetRow += 1) {
      const row = rows[targetRow] ?? 0;
      const band = Math.floor(row / rowsInChunk);
      const places = byBand.get(band);
      if (places === undefined) byBand.set(band, [{ row, targetRow }]);
      else places.push({ row, targetRow });
    }
    await this.#load([...byBand.keys()], target, {
      signal,
      isKept: () => true,
      copy: (bytes, chunk, band) => {
        for (const place of byBand.get(band) ?? []) this.#copy(bytes, chunk, { ...place, rows: 1, target });
      },
    });
  }

  async #load(
    bands: readonly number[],
    target: Uint8Array,
    work: {
      readonly signal: AbortSignal | undefined;
      readonly isKept: (band: number) => boolean;
      readonly copy: (bytes: Uint8Array, chunk: number, band: number) => void;
    },
  ): Promise<void> {
    const { chunks, fill } = this.#storage;
    const across = this.#across;
    const wanted: number[] = [];
    for (const band of bands)
      for (let chunk = band * across; chunk < (band + 1) * across; chunk += 1) wanted.push(chunk);
    const written = wanted.filter((chunk) => chunks.has(chunk));
    if (written.length < wanted.length) fillElements(target, fill);
    const bandOf = (chunk: number): number => Math.floor(chunk / across);
    await this.#loader.load(written, (chunk, bytes) => work.copy(bytes, chunk, bandOf(chunk)), {
      isKept: (chunk) => work.isKept(bandOf(chunk)),
      signal: work.signal,
    });
  }

  /** Copies what a chunk holds of rows. */
  #copy(
    bytes: Uint8Array,
    number: number,
    to: RowPlace & { readonly rows: number; readonly target: Uint8Array },
  ): void {
    const { row, rows, targetRow, target } = to;
    const { chunk, itemBytes } = this.#storage;
    if (this.#isWide) {
      const rowBytes = this.#rowBytes;
      const from = (row - number * (chunk[0] ?? 1)) * rowBytes;
      target.set(bytes.subarray(from, from + rows * rowBytes), targetRow * rowBytes);
      return;
    }
    const inner = this.#shape.slice(1);
    const zeros = inner.map(() => 0);
    const origin = this.#originOf(number);
    const part = intersection(
      { start: [row, ...zeros], count: [rows, ...inner] },
      { start: origin, count: chunk },
    );
    if (part === undefined) return;
    const shape = [target.byteLength / this.#rowBytes, ...inner];
    const placed = { bytes: target, shape, origin: [row - targetRow, ...zeros] };
    copyBox({ bytes, shape: chunk, origin }, placed, { ...part, itemBytes });
  }

  #originOf(number: number): number[] {
    const { grid, chunk } = this.#storage;
    const origin = grid.map(() => 0);
    let rest = number;
    for (let dimension = grid.length - 1; dimension >= 0; dimension -= 1) {
      const extent = grid[dimension] ?? 1;
      origin[dimension] = (rest % extent) * (chunk[dimension] ?? 1);
      rest = Math.floor(rest / extent);
    }
    return origin;
  }
}
