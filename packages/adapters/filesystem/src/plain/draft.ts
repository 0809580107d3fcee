import { type FileHandle, unlink } from 'node:fs/promises';
import type { FolderTree } from './folder-tree.ts';

/** A file that is being written, beside the one that it becomes. Disposing it leaves nothing of what is unfinished. */
export class Draft implements AsyncDisposable {
  readonly file: FileHandle;
  readonly #tree: FolderTree;
  #folder: string;
  #path: string;
  #isPublished = false;

  constructor(file: FileHandle, tree: FolderTree, at: { readonly folder: string; readonly path: string }) {
    this.file = file;
    this.#tree = tree;
    this.#folder = at.folder;
    this.#path = at.path;
  }

  get path(): string {
    return this.#path;
  }

  /** Tells that the file was moved. */
  movedTo(folder: string, path: string): void {
    this.#folder = folder;
    this.#path = path;
  }

  /** Tells that the object is there, so that its folders stay. */
  published(): void {
    this.#isPublished = true;
  }

  /** What cannot be removed now is left to the collector: it must not hide how the write ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close().catch(() => undefined);
    await unlink(this.#path).catch(() => undefined);
    if (!this.#isPublished) await this.#tree.prune(this.#folder);
  }
}
