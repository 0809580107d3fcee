import { type ByteSource, knownSizeBytes, readSource } from '@holdfast/ports';

/** Who is told what passes. */
export interface SourceWatcher {
  /** The source is read from its beginning, for the first time or again. */
  readonly onBegin?: () => void;
  readonly onChunk?: (chunk: Uint8Array) => void;
}

/**
 * A source that is watched while somebody else reads it: what passes, and whether it fails.
 * Leaving it early leaves the source as early.
 */
export class WatchedSource {
  /** To be read in the place of the original; it can be sent again where the original can. */
  readonly source: ByteSource;
  readonly #original: ByteSource;
  readonly #watcher: SourceWatcher;
  #failure: { readonly error: unknown } | undefined;

  constructor(original: ByteSource, watcher: SourceWatcher = {}) {
    this.#original = original;
    this.#watcher = watcher;
    const sizeBytes = knownSizeBytes(original);
    const isWatched = watcher.onBegin !== undefined || watcher.onChunk !== undefined;
    const open = (): AsyncIterable<Uint8Array> => ({ [Symbol.asyncIterator]: () => this.#read() });
    if (original instanceof Uint8Array && !isWatched) this.source = original;
    else this.source = sizeBytes === undefined ? open() : { sizeBytes, open };
  }

  /** Does work that reads the source. A failure of the source's own is passed on as it is, however the work tells it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#failure === undefined ? error : this.#failure.error;
    }
  }

  #read(): AsyncIterator<Uint8Array> {
    this.#failure = undefined;
    this.#watcher.onBegin?.();
    const iterator = readSource(this.#original)[Symbol.asyncIterator]();
    let isLeft = false;
    return {
      next: async () => {
        try {
          const next = await iterator.next();
          if (next.done !== true && next.value instanceof Uint8Array) this.#watcher.onChunk?.(next.value);
          return next;
        } catch (error) {
          // A stream that is left while it is waited for fails because of that.
          if (!isLeft) this.#failure = { error };
          throw error;
        }
      },
      return: async () => {
        isLeft = true;
        return (await iterator.return?.()) ?? { done: true, value: undefined };
      },
    };
  }
}
