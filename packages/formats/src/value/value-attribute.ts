import type { Value } from './value.ts';

/** A small named value that describes a dataset or a group. */
export interface ValueAttribute {
  readonly name: string;
  /** What its type states beside the elements; see {@link LazyValue.lost}. */
  readonly lost: readonly string[];

  /** @throws FormatError when it is damaged, or of a type that is not read. */
  read(): Promise<Value>;
}

/** A group of values with its attributes. */
export interface ValueGroup {
  /** Such as `train/sets`; empty for the root. */
  readonly path: string;
  readonly attributes: () => Promise<readonly ValueAttribute[]>;
}

/** A part of a file that a conversion does not keep. */
export interface Lost {
  /** The path of the value or group that it belongs to; `/` for the file as a whole. */
  readonly name: string;
  /** What is lost, such as `attribute unit`. */
  readonly what: string;
}
