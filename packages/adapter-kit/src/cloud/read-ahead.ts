/** How pieces are fetched. */
export interface ReadAheadOptions {
  readonly atOnce: number;
  /** Ends what is under way, when it is not wanted any more. */
  readonly stop: () => void;
}

/**
 * The bytes of pieces in their order, of which several are fetched at once: one connection is slower than a few, and
 * the next piece is here before the one that is read has ended. Memory is that of the pieces under way, whose chunks
 * must be memory of their own.
 *
 * @throws what a piece throws, when its turn has come.
 */
export async function* readAhead(
  pieces: Iterator<AsyncIterable<Uint8Array>>,
  { atOnce, stop }: ReadAheadOptions,
): AsyncGenerator<Uint8Array> {
  const underWay: FetchedPiece[] = [];
  const fill = (): void => {
    while (underWay.length < atOnce) {
      const next = pieces.next();
      if (next.done === true) return;
      underWay.push(new FetchedPiece(next.value));
    }
  };
  try {
    for (fill(); underWay[0] !== undefined; fill()) {
      yield* underWay[0].chunks();
      underWay.shift();
    }
  } finally {
    for (const piece of underWay) piece.leave();
    stop();
  }
}

/** A piece that comes in whether or not somebody reads it yet. */
class FetchedPiece {
  readonly #chunks: Uint8Array[] = [];
  readonly #end: Promise<void>;
  #hasEnded = false;
  #isLeft = false;
  #wake: (() => void) | undefined;

  constructor(piece: AsyncIterable<Uint8Array>) {
    this.#end = this.#fetch(piece);
    this.#end.catch(() => undefined);
  }

  /** Takes in nothing more. */
  leave(): void {
    this.#isLeft = true;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    while (!this.#hasEnded || this.#chunks.length > 0) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else yield chunk;
    }
    await this.#end;
  }

  async #fetch(piece: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of piece) {
        if (this.#isLeft) return;
        this.#chunks.push(chunk);
        this.#wake?.();
      }
    } finally {
      this.#hasEnded = true;
      this.#wake?.();
    }
  }
}
