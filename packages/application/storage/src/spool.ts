import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';
import { ScratchFile } from '@holdfast/files';

const bufferBytes = 262_144;

/** A length and what the bytes of that length hash to. */
export interface SpooledFacts {
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** Bytes that do not fit into memory and are read again, hashed as they come. */
export class Spool implements AsyncDisposable {
  readonly #file: ScratchFile;
  #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;

  private constructor(file: ScratchFile) {
    this.#file = file;
  }

  static async open(folder?: string): Promise<Spool> {
    return new Spool(await ScratchFile.open(folder));
  }

  /** Appends text or bytes; they are copied. */
  async write(part: string | Uint8Array): Promise<void> {
    if (typeof part !== 'string' && part.byteLength >= bufferBytes) return this.#writeThrough(part);
    const bytes = Buffer.from(part as Uint8Array);
    this.#hash.update(bytes);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    this.#sizeBytes += bytes.byteLength;
    if (this.#waitingBytes >= bufferBytes) await this.flush();
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#file.clear();
    this.#hash = createHash('sha256');
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sizeBytes = 0;
  }

  /** What was written so far. */
  facts(): SpooledFacts {
    return { sizeBytes: this.#sizeBytes, digest: digestOfHex(this.#hash.copy().digest('hex')) };
  }

  /** Everything from the beginning. A chunk is lent. */
  async *chunks(): AsyncIterable<Uint8Array> {
    await this.flush();
    yield* this.#file.chunks();
  }

  /** Writes what still waits. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    const position = this.#sizeBytes - this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#file.write(bytes, position);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  /** What is long is neither copied nor kept waiting. */
  async #writeThrough(bytes: Uint8Array): Promise<void> {
    await this.flush();
    this.#hash.update(bytes);
    await this.#file.write(bytes, this.#sizeBytes);
    this.#sizeBytes += bytes.byteLength;
  }
}
