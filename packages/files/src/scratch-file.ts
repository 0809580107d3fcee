import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAll } from './write-all.ts';

const blockBytes = 262_144;

/** What a scratch file is called until it loses its name. */
export const scratchFileName = { before: 'holdfast-', after: '.spool' } as const;

/**
 * Room for bytes that do not fit into memory, for their owner alone. Where the system allows, the file has no name, so
 * that nothing of it stays when the process dies.
 */
export class ScratchFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** @throws the system's error when nothing can be written to the folder. */
  static async open(folder: string = tmpdir()): Promise<ScratchFile> {
    const path = join(folder, `${scratchFileName.before}${randomUUID()}${scratchFileName.after}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path).catch(() => undefined);
    return new ScratchFile(file, path);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await writeAll(this.#file, bytes, position);
  }

  async clear(): Promise<void> {
    await this.#file.truncate(0);
  }

  /** Everything from the beginning. A chunk is lent until the next one is asked for. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(blockBytes);
    for (let position = 0; ;) {
      const { bytesRead } = await this.#file.read(buffer, 0, blockBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await unlink(this.#path).catch(() => undefined);
  }
}
