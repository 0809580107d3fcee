import { fillElements, type Hdf5Storage } from '@holdfast/formats';
import type { LocalSource } from './local-source.ts';
import { TurnTaker } from './turn-taker.ts';

/** Where rows are that follow each other in the file without any filter. */
interface Places {
  readonly rowBytes: number;
  /** Rows that follow each other: those of a chunk, or all. */
  readonly runRows: number;
  /** The offset of each run; negative where it was never written. */
  readonly offsets: Float64Array;
  readonly fill: Uint8Array | undefined;
}

/** One read of at most this size, so that other work gets its turn. */
const mostBytesAtOnce = 8 * 2 ** 20;

/**
 * Rows that need no more than to be read: of a contiguous dataset, or out of chunks without filters that are as wide as
 * the dataset. They are read straight into the target; what follows each other in the file and in the target at once.
 */
export class PlainRows {
  readonly #source: LocalSource;
  readonly #places: Places;

  private constructor(source: LocalSource, places: Places) {
    this.#source = source;
    this.#places = places;
  }

  /** `undefined` for rows that are stored in another way. */
  static of(
    storage: Hdf5Storage,
    shape: readonly number[],
    { source, rowBytes }: { readonly source: LocalSource; readonly rowBytes: number },
  ): PlainRows | undefined {
    if (storage.kind === 'contiguous') {
      const { offset = -1, fill } = storage;
      return new PlainRows(source, {
        rowBytes,
        runRows: Math.max(1, shape[0] ?? 1),
        offsets: Float64Array.of(offset),
        fill,
      });
    }
    if (storage.kind !== 'chunked') return undefined;
    const { chunk, chunks, grid, fill } = storage;
    if (chunk.some((extent, dimension) => dimension > 0 && extent !== shape[dimension])) return undefined;
    const offsets = new Float64Array(grid[0] ?? 0).fill(-1);
    for (const [number, { offset, filters }] of chunks) {
      if (filters.length > 0) return undefined;
      offsets[number] = offset;
    }
    return new PlainRows(source, { rowBytes, runRows: chunk[0] ?? 1, offsets, fill });
  }

  /** Reads one row. */
  row(row: number, target: Uint8Array): void {
    const { rowBytes, runRows, offsets, fill } = this.#places;
    const run = Math.floor(row / runRows);
    const offset = offsets[run] ?? -1;
    if (offset < 0) fillElements(target, fill);
    else this.#source.fill(offset + (row - run * runRows) * rowBytes, target);
  }

  /** Reads rows that follow each other. */
  async rows(start: number, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { rowBytes, runRows, offsets, fill } = this.#places;
    const turn = new TurnTaker();
    const end = start + target.byteLength / rowBytes;
    for (let row = start; row < end;) {
      const run = Math.floor(row / runRows);
      const from = row - run * runRows;
      const offset = offsets[run] ?? -1;
      let next = Math.min(end, (run + 1) * runRows);
      if (offset < 0)
        fillElements(target.subarray((row - start) * rowBytes, (next - start) * rowBytes), fill);
      else {
        for (let at = run + 1; next < end && (next - row) * rowBytes < mostBytesAtOnce; at += 1) {
          if (offsets[at] !== (offsets[at - 1] ?? 0) + runRows * rowBytes) break;
          next = Math.min(end, next + runRows);
        }
        await this.#read(
          offset + from * rowBytes,
          target.subarray((row - start) * rowBytes, (next - start) * rowBytes),
          {
            turn,
            signal,
          },
        );
      }
      row = next;
    }
  }

  /** Reads rows in the order that is given; those that follow each other at once. */
  async batch(rows: ArrayLike<number>, target: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { rowBytes } = this.#places;
    const turn = new TurnTaker();
    for (let from = 0, to = 1; from < rows.length; from = to, to += 1) {
      const first = rows[from] ?? 0;
      while (to < rows.length && rows[to] === first + to - from) to += 1;
      const part = target.subarray(from * rowBytes, to * rowBytes);
      if (to - from === 1) this.row(first, part);
      else await this.rows(first, part, signal);
      if (turn.isOver) await turn.pass(signal);
    }
  }

  /** Reads in pieces, so that other work of the process has its turn between them. */
  async #read(
    offset: number,
    target: Uint8Array,
    { turn, signal }: { readonly turn: TurnTaker; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    for (let at = 0; at < target.byteLength; at += mostBytesAtOnce) {
      this.#source.fill(offset + at, target.subarray(at, at + mostBytesAtOnce));
      if (turn.isOver) await turn.pass(signal);
    }
  }
}
