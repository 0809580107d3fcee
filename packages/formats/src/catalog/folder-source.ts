import type { ByteRangeSource } from '../source/byte-range-source.ts';

/** One file of a folder. */
export interface FolderEntry {
  /** Relative to the folder, with `/` between parts. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** A folder of files: a directory, or a tree in a store. */
export interface FolderSource {
  /** All files, in any order. */
  readonly entries: readonly FolderEntry[];
  /** Opens one of them. */
  open(path: string): ByteRangeSource | Promise<ByteRangeSource>;
}
