import { type FileHandle, open } from 'node:fs/promises';
import { readFully } from '@holdfast/files';
import type { ByteRangeSource, FolderEntry } from '@holdfast/formats';
import { LruCache } from '@holdfast/work';

/** How many files are open at once. */
const mostOpen = 32;

/** Reads local files by range. They are opened as they are read; dispose it to close them. */
export class LocalBytes implements AsyncDisposable {
  readonly #open = new LruCache<string, Promise<FileHandle>>({
    mostEntries: mostOpen,
    onLeave: (file) => (this.#closed = Promise.all([this.#closed, closeOpened(file)])),
  });
  #closed: Promise<unknown> = Promise.resolve();

  source(location: string, { sizeBytes }: Pick<FolderEntry, 'sizeBytes'>): ByteRangeSource {
    return {
      sizeBytes,
      read: async (offset, length) => readRange(await this.#handleOf(location), offset, length),
    };
  }

  #handleOf(location: string): Promise<FileHandle> {
    const existing = this.#open.get(location);
    if (existing !== undefined) return existing;
    const opening = open(location, 'r');
    this.#open.set(location, opening);
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open.clear();
    await this.#closed;
  }
}

/** Reads that are in progress are waited for. That a file could not be opened was thrown to its reader. */
async function closeOpened(file: Promise<FileHandle>): Promise<void> {
  const opened = await file.catch(() => undefined);
  await opened?.close();
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  return buffer.subarray(0, await readFully(file, buffer, offset));
}
