import { type Hash, createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';
import {
  type ByteSource,
  type OperationContext,
  type PutOptions,
  StorageError,
  readSource,
  throwIfCancelled,
  untilCancelled,
} from '@holdfast/ports';

/** A longer chunk is handed on in pieces, so that progress is told often enough. */
const longestChunkBytes = 4_194_304;

/** What passed through a {@link MeteredSource}. */
export interface Measured {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * A source on its way into a store: hashed and counted as it passes, once, and held to what was announced.
 * A chunk is hashed when the next one is asked for, unless {@link MeteredSource.hashLent} has done it; until then
 * its reader leaves it as it is.
 *
 * Reading throws `cancelled` when the signal says so, `size-mismatch` as soon as there are too many bytes,
 * `invalid-argument` when a chunk is no bytes; {@link MeteredSource.finish} throws the rest.
 */
export class MeteredSource implements AsyncIterable<Uint8Array> {
  readonly #source: ByteSource;
  readonly #options: PutOptions;
  readonly #context: OperationContext;
  readonly #hash: Hash = createHash('sha256');
  #lent: Uint8Array | undefined;
  #sizeBytes = 0;

  constructor(source: ByteSource, options: PutOptions, context: OperationContext) {
    this.#source = source;
    this.#options = options;
    this.#context = context;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for await (const chunk of untilCancelled(readSource(this.#source), this.#options.signal, this.#context)) {
      this.#check(chunk);
      yield* this.#pieces(chunk);
    }
  }

  /** Takes a source that is nothing but bytes in memory, at once. Throws what reading and finishing throw. */
  takeWhole(bytes: Uint8Array): Measured {
    throwIfCancelled(this.#options.signal, this.#context);
    for (const _piece of this.#pieces(bytes));
    return this.finish();
  }

  /** Hashes the chunk that was handed out last, once: for whoever has to wait while that chunk is written. */
  hashLent(): void {
    if (this.#lent === undefined) return;
    this.#hash.update(this.#lent);
    this.#lent = undefined;
  }

  /**
   * Tells what passed, after the last byte.
   *
   * @throws StorageError `size-mismatch` or `checksum-mismatch` when it is not what was announced.
   */
  finish(): Measured {
    this.hashLent();
    const { sizeBytes, checksum } = this.#options;
    if (sizeBytes !== undefined && sizeBytes !== this.#sizeBytes) throw this.#sizeMismatch(sizeBytes);
    const digest = digestOfHex(this.#hash.digest('hex'));
    if (checksum !== undefined && checksum !== digest) {
      throw new StorageError({
        ...this.#context,
        code: 'checksum-mismatch',
        message: `The bytes hash to ${digest}, not to the announced ${checksum}; nothing was written.`,
      });
    }
    return { digest, sizeBytes: this.#sizeBytes };
  }

  *#pieces(chunk: Uint8Array): Generator<Uint8Array> {
    for (let offset = 0; offset < chunk.byteLength; offset += longestChunkBytes) {
      yield this.#take(chunk.subarray(offset, offset + longestChunkBytes));
      this.hashLent();
    }
  }

  #check(chunk: Uint8Array): void {
    if (!(chunk instanceof Uint8Array)) {
      throw new StorageError({
        ...this.#context,
        code: 'invalid-argument',
        message: `The source must give bytes (got a ${typeof chunk}); nothing was written.`,
      });
    }
  }

  #take(chunk: Uint8Array): Uint8Array {
    this.#sizeBytes += chunk.byteLength;
    const announced = this.#options.sizeBytes;
    if (announced !== undefined && this.#sizeBytes > announced) throw this.#sizeMismatch(announced);
    this.#lent = chunk;
    this.#options.onProgress?.(this.#sizeBytes);
    return chunk;
  }

  #sizeMismatch(announced: number): StorageError {
    const seen = this.#sizeBytes > announced ? 'more' : `only ${this.#sizeBytes}`;
    return new StorageError({
      ...this.#context,
      code: 'size-mismatch',
      message: `The source announced ${announced} bytes and gave ${seen}; nothing was written.`,
    });
  }
}
