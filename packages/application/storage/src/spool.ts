import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOfHex } from '@holdfast/domain';

const bufferBytes = 262_144;

/** What a spool is called until it loses its name. */
export const spoolName = { before: 'holdfast-', after: '.spool' } as const;

/** A length and what the bytes of that length hash to. */
export interface SpooledFacts {
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/**
 * Bytes that do not fit into memory and are read again: a temporary file that nobody else sees. Where the system allows,
 * it has no name, so that nothing of it stays when the process dies.
 */
export class Spool implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  static async open(folder: string = tmpdir()): Promise<Spool> {
    const path = join(folder, `${spoolName.before}${randomUUID()}${spoolName.after}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path).catch(() => undefined);
    return new Spool(file, path);
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
    await this.#file.truncate(0);
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
    const buffer = Buffer.alloc(bufferBytes);
    for (let position = 0; ;) {
      const { bytesRead } = await this.#file.read(buffer, 0, bufferBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Writes what still waits. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    const position = this.#sizeBytes - this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#writeAt(bytes, position);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await unlink(this.#path).catch(() => undefined);
  }

  /** What is long is neither copied nor kept waiting. */
  async #writeThrough(bytes: Uint8Array): Promise<void> {
    await this.flush();
    this.#hash.update(bytes);
    await this.#writeAt(bytes, this.#sizeBytes);
    this.#sizeBytes += bytes.byteLength;
  }

  async #writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.byteLength - done, position + done);
      done += bytesWritten;
    }
  }
}
