import type { Value } from '../../value/value.ts';
import type { ChunkPlace } from '../hdf5-chunk.ts';

/** Attributes of a new object by their names. */
export type NewAttributes = ReadonlyMap<string, Value>;

/** A group of a new file. */
export interface NewHdf5Group {
  readonly kind: 'group';
  readonly attributes: NewAttributes;
  readonly members: ReadonlyMap<string, NewHdf5Group | NewHdf5Dataset>;
}

/** A dataset of a new file, whose elements are stored already, or will be. */
export interface NewHdf5Dataset {
  readonly kind: 'dataset';
  readonly attributes: NewAttributes;
  /** The message that states the type of its elements. */
  readonly type: Uint8Array;
  readonly shape: readonly number[];
  /** The extents that it may grow to; `Infinity` where nothing limits it. @default shape */
  readonly maxShape?: readonly number[] | undefined;
  readonly storage: NewHdf5Storage;
}

/** Where the elements of a new dataset are. */
export type NewHdf5Storage =
  | { readonly kind: 'contiguous'; readonly address: number; readonly sizeBytes: number }
  | {
      readonly kind: 'chunked';
      readonly chunk: readonly number[];
      readonly filters: NewHdf5Filters;
      /** In the order of their numbers in the grid. */
      readonly chunks: readonly (ChunkPlace & { readonly number: number })[];
    };

/** What every chunk went through. */
export interface NewHdf5Filters {
  readonly shuffle?: boolean | undefined;
  /** The level of deflate, 0 to 9. */
  readonly gzip?: number | undefined;
}
