import { type PartBuffer, PartBuffers } from '../requests/part-buffers.ts';

/** What is handed on at least, as long as more is to come: each chunk costs its reader something. */
const leastChunkBytes = 262_144;
const longestChunkBytes = 1_048_576;

/** How pieces are fetched. */
export interface ReadAheadOptions {
  /** Length of the longest piece. */
  readonly pieceBytes: number;
  readonly atOnce: number;
  /** Ends what is under way, when it is not wanted any more. */
  readonly stop: () => void;
}

/**
 * The bytes of pieces in their order, of which several are fetched at once: one connection is slower than a few, and
 * the next piece is here before the one that is read has ended. Memory is that of the pieces under way.
 *
 * @throws what a piece throws, when its turn has come.
 */
export async function* readAhead(
  pieces: Iterator<AsyncIterable<Uint8Array>>,
  { pieceBytes, atOnce, stop }: ReadAheadOptions,
): AsyncGenerator<Uint8Array> {
  const underWay: FetchedPiece[] = [];
  const buffers = new PartBuffers();
  const fill = (): void => {
    while (underWay.length < atOnce) {
      const next = pieces.next();
      if (next.done === true) return;
      underWay.push(new FetchedPiece(next.value, buffers.take(pieceBytes, false)));
    }
  };
  try {
    for (fill(); underWay[0] !== undefined; fill()) {
      yield* underWay[0].chunks();
      buffers.give(underWay[0].buffer);
      underWay.shift();
    }
  } finally {
    for (const piece of underWay) piece.leave();
    stop();
  }
}

/** A piece that comes in whether or not somebody reads it yet. */
class FetchedPiece {
  readonly buffer: PartBuffer;
  readonly #end: Promise<void>;
  #hasEnded = false;
  #isLeft = false;
  /** How many bytes its reader waits for, and how it is told that they are there. */
  #awaited: { readonly bytes: number; readonly tell: () => void } | undefined;

  constructor(piece: AsyncIterable<Uint8Array>, buffer: PartBuffer) {
    this.buffer = buffer;
    this.#end = this.#fetch(piece);
    this.#end.catch(() => undefined);
  }

  /** Takes in nothing more. */
  leave(): void {
    this.#isLeft = true;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let offset = 0; ;) {
      await this.#reaching(offset + leastChunkBytes);
      const chunk = this.buffer.bytes.subarray(offset, offset + longestChunkBytes);
      if (chunk.byteLength === 0) break;
      yield chunk;
      offset += chunk.byteLength;
    }
    await this.#end;
  }

  /** Waits until it is filled so far, or has ended. */
  async #reaching(bytes: number): Promise<void> {
    if (this.#hasEnded || this.buffer.bytes.byteLength >= bytes) return;
    await new Promise<void>((tell) => (this.#awaited = { bytes, tell }));
  }

  async #fetch(piece: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of piece) {
        if (this.#isLeft) return;
        this.buffer.append(chunk);
        if (this.#awaited !== undefined && this.buffer.bytes.byteLength >= this.#awaited.bytes)
          this.#awaited.tell();
      }
    } finally {
      this.#hasEnded = true;
      this.#awaited?.tell();
    }
  }
}
