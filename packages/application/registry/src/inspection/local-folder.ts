import { stat } from 'node:fs/promises';
import { fileStateOf, isSameFileState, undefinedIfMissing } from '@holdfast/files';
import type { ByteRangeSource, FolderEntry, FolderSource } from '@holdfast/formats';
import type { FolderFile } from '../walk-folder.ts';
import { LocalBytes } from './local-bytes.ts';

/** A folder of the user's. Its files are opened as they are read; dispose it to close them. */
export class LocalFolder implements FolderSource, AsyncDisposable {
  readonly entries: readonly (FolderEntry & { readonly location: string })[];
  readonly #files: ReadonlyMap<string, FolderFile>;
  readonly #bytes = new LocalBytes();

  constructor(files: readonly FolderFile[]) {
    this.entries = files.map(({ path, sizeBytes, location }) => ({ path, sizeBytes, location }));
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  open(path: string): ByteRangeSource {
    const file = this.#files.get(path) as FolderFile;
    return this.#bytes.source(file.location, file);
  }

  /** Whether a file is another than it was when it was found. */
  async hasChanged(): Promise<boolean> {
    for (const { location, state } of this.#files.values()) {
      const found = await stat(location, { bigint: true }).catch(undefinedIfMissing);
      if (found === undefined || !isSameFileState(fileStateOf(found), state)) return true;
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bytes[Symbol.asyncDispose]();
  }
}
