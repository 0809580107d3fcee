import { type ObjectKey, StorageBackend, compareKeys, whyNotObjectKey } from '@holdfast/domain';
import { type ListOptions, type OperationContext, throwIfCancelled } from '@holdfast/ports';
import type { FolderTree } from './folder-tree.ts';
import { readFolder } from './read-folder.ts';
import { isNoKey } from './refusals.ts';
import { SmallestEntries, type Sortable } from './smallest-entries.ts';

/** A file with the key that it has. */
export interface WalkedFile {
  readonly key: ObjectKey;
  readonly path: string;
}

/** The text of a file is its key, that of a folder the beginning of the keys in it, with the slash. */
interface Entry extends Sortable {
  readonly path: string;
  readonly isFolder: boolean;
}

/** A folder on the way to where the walk is. */
interface Frame {
  readonly prefix: string;
  readonly folder: string;
  entries: readonly Entry[];
  next: number;
  /** Whether there is nothing after the entries. */
  isComplete: boolean;
}

const context: OperationContext = { operation: 'list', backend: StorageBackend.LocalFilesystem };

/** How many entries of a folder are held at once; of inner folders fewer. A longer folder is read several times. */
const mostEntries = 32_768;

/**
 * Walks through files in the order of the UTF-8 bytes of their keys, folder by folder, holding only a part of each.
 * A folder sorts as its name with a slash: `a.b`, then what is in `a`, then `a0`.
 */
export class TreeWalk {
  readonly #tree: FolderTree;
  readonly #options: ListOptions;
  readonly #prefix: string;
  readonly #frames: Frame[] = [];
  #isBegun = false;
  #left: string | undefined;

  constructor(tree: FolderTree, options: ListOptions) {
    this.#tree = tree;
    this.#options = options;
    this.#prefix = options.prefix ?? '';
  }

  /**
   * The next file; `undefined` at the end.
   *
   * @throws StorageError `invalid-key` when a name on the way is no key, `cancelled`.
   */
  async next(): Promise<WalkedFile | undefined> {
    if (!this.#isBegun) await this.#begin();
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const entry = frame.entries[frame.next++];
      if (entry === undefined) {
        if (frame.isComplete) this.#frames.pop();
        else await this.#read(frame, frame.entries.at(-1)?.text);
      } else if (this.#isWanted(entry)) {
        if (!entry.isFolder) return { key: entry.text as ObjectKey, path: entry.path };
        await this.#enter(entry.text, entry.path);
      }
    }
    return undefined;
  }

  /** Leaves out every key that begins with this text, from here on. */
  leave(text: string): void {
    this.#left = text;
    while (this.#frames.at(-1)?.prefix.startsWith(text) === true) this.#frames.pop();
  }

  /** Begins in the folder that the prefix names, not in the root. */
  async #begin(): Promise<void> {
    this.#isBegun = true;
    const end = this.#prefix.lastIndexOf('/');
    if (end === -1) return this.#enter('', this.#tree.root);
    const key = this.#prefix.slice(0, end);
    if (whyNotObjectKey(key) !== undefined) return;
    const place = await this.#tree.find(key, context);
    if (place !== undefined) await this.#enter(`${key}/`, place.path);
  }

  async #enter(prefix: string, folder: string): Promise<void> {
    const frame: Frame = { prefix, folder, entries: [], next: 0, isComplete: true };
    await this.#read(frame, undefined);
    this.#frames.push(frame);
  }

  /** Reads what comes after a text in a folder, as much as may be held. */
  async #read(frame: Frame, after: string | undefined): Promise<void> {
    const smallest = new SmallestEntries<Entry>(Math.ceil(mostEntries / (this.#frames.length + 1)));
    for await (const { segment, path, isFolder, problem } of readFolder(this.#tree.spelling, frame.folder)) {
      const text = `${frame.prefix}${segment}${isFolder ? '/' : ''}`;
      const entry: Entry = { text, path, isFolder };
      if ((after !== undefined && compareKeys(text, after) <= 0) || !this.#isWanted(entry)) continue;
      const reason = problem ?? whyNotObjectKey(frame.prefix + segment);
      if (reason !== undefined) throw isNoKey(path, reason);
      smallest.add(entry);
    }
    throwIfCancelled(this.#options.signal, context);
    frame.entries = smallest.sorted();
    frame.next = 0;
    frame.isComplete = smallest.isComplete;
  }

  #isWanted({ text, isFolder }: Entry): boolean {
    const { startAfter } = this.#options;
    if (this.#left !== undefined && text.startsWith(this.#left)) return false;
    if (!text.startsWith(this.#prefix) && !(isFolder && this.#prefix.startsWith(text))) return false;
    if (startAfter === undefined || compareKeys(text, startAfter) > 0) return true;
    return isFolder && startAfter.startsWith(text);
  }
}
