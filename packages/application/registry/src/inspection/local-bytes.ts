import { type FileHandle, open } from 'node:fs/promises';
import type { ByteRangeSource, FolderEntry } from '@holdfast/formats';

/** How many files are open at once. */
const mostOpen = 32;

/** Reads local files by range. They are opened as they are read; dispose it to close them. */
export class LocalBytes implements AsyncDisposable {
  readonly #open = new Map<string, Promise<FileHandle>>();

  source(location: string, { sizeBytes }: Pick<FolderEntry, 'sizeBytes'>): ByteRangeSource {
    return {
      sizeBytes,
      read: async (offset, length) => readRange(await this.#handleOf(location), offset, length),
    };
  }

  /** The one that was opened first is closed for one more; reads that are under way are waited for. */
  async #handleOf(location: string): Promise<FileHandle> {
    const existing = this.#open.get(location);
    if (existing !== undefined) return existing;
    const opening = open(location, 'r');
    this.#open.set(location, opening);
    const [oldest] = this.#open;
    if (this.#open.size > mostOpen && oldest !== undefined) {
      this.#open.delete(oldest[0]);
      await (await oldest[1]).close();
    }
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const handles = await Promise.allSettled(this.#open.values());
    for (const handle of handles) if (handle.status === 'fulfilled') await handle.value.close();
  }
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filledBytes = 0;
  while (filledBytes < length) {
    const { bytesRead } = await file.read(buffer, filledBytes, length - filledBytes, offset + filledBytes);
    if (bytesRead === 0) break;
    filledBytes += bytesRead;
  }
  return buffer.subarray(0, filledBytes);
}
