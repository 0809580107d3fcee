import { constants, createDeflate, createInflate, deflateSync, inflateSync } from 'node:zlib';

/** What a stream of Node's zlib does its work with. */
interface ZlibHandle {
  onerror: (message: string) => void;
  reset(): void;
  writeSync(
    flush: number,
    ...buffers: readonly [
      Uint8Array,
      offset: number,
      length: number,
      Uint8Array,
      offset: number,
      length: number,
    ]
  ): void;
}

/** A stream of Node's zlib, as far as it may be known. */
interface ZlibParts {
  readonly _handle?: Partial<ZlibHandle> | undefined;
  /** Bytes that are left of the output, and of the input. */
  readonly _writeState?: Uint32Array | undefined;
}

type Documented = (bytes: Uint8Array, mostBytes: number) => Uint8Array;

/**
 * Inflates or deflates one chunk after the other with one zlib stream, into memory of the caller's. A new stream for each
 * takes a third of the time when chunks are small, and Node documents no way to use one again. So this uses the parts that
 * npm's own `minizlib` has used since Node 10, where they are what they were, and the documented function elsewhere.
 */
export class ReusedZlib {
  readonly #handle: ZlibHandle | undefined;
  readonly #state: Uint32Array | undefined;
  readonly #documented: Documented;
  #failure: string | undefined;

  constructor({ _handle: handle, _writeState: state }: ZlibParts, documented: Documented) {
    this.#documented = documented;
    const isKnown =
      typeof handle?.reset === 'function' && typeof handle.writeSync === 'function' && state?.length === 2;
    if (!isKnown) return;
    this.#state = state;
    this.#handle = Object.assign(handle as ZlibHandle, {
      onerror: (message: string) => {
        this.#failure = message;
      },
    });
  }

  /** Inflates whole zlib streams. */
  static inflater(parts: ZlibParts = createInflate() as unknown as ZlibParts): ReusedZlib {
    return new ReusedZlib(parts, (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }));
  }

  /** Deflates to whole zlib streams. Its memory makes it a seventh faster than zlib's default. */
  static deflater(level: number, parts?: ZlibParts): ReusedZlib {
    const options = { level, memLevel: 9 };
    const stream = parts ?? (createDeflate(options) as unknown as ZlibParts);
    return new ReusedZlib(stream, (bytes) => deflateSync(bytes, options));
  }

  /** Whether one stream is used again. */
  get isReused(): boolean {
    return this.#handle !== undefined;
  }

  /**
   * Does one piece; how many bytes it gave, at most as many as the target holds.
   *
   * @throws Error when what is inflated is damaged or cut short.
   */
  run(bytes: Uint8Array, target: Uint8Array): number {
    const { byteLength } = target;
    if (this.#handle === undefined || this.#state === undefined) {
      const result = this.#documented(bytes, byteLength);
      target.set(result);
      return result.byteLength;
    }
    this.#handle.reset();
    this.#handle.writeSync(constants.Z_FINISH, bytes, 0, bytes.byteLength, target, 0, byteLength);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw new Error(failure);
    return byteLength - (this.#state[0] ?? 0);
  }
}
