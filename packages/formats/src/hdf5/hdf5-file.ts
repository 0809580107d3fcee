import type { ByteOrder } from '../value/element-bytes.ts';
import type { ElementType } from '../value/element-type.ts';
import type { Value } from '../value/value.ts';
import type { Hdf5Filter } from './hdf5-filters.ts';
import type { Hdf5LinkTarget } from './hdf5-link.ts';
import type { Hdf5Type } from './hdf5-type.ts';
import type { Hdf5Attribute } from './read-attributes.ts';
import type { ElementPlaces } from './read-elements.ts';

/** What every object of a file has. */
interface Hdf5Common {
  /** One of its paths: an object can have several. */
  readonly path: string;
  /** Where its header is, counted from the end of the user block; the same for all paths of an object. */
  readonly address: number;
  /** Where its header is in the file, for errors. */
  readonly offset: number;

  /** @throws FormatError when they are damaged. */
  attributes(): Promise<readonly Hdf5Attribute[]>;
}

/** One name in a group. Soft and external links are named and never followed. */
export interface Hdf5Link {
  readonly name: string;
  readonly target: Hdf5LinkTarget;
}

/** A group: names that lead to other objects. */
export interface Hdf5Group extends Hdf5Common {
  readonly kind: 'group';

  /** Its names, sorted. */
  links(): Promise<readonly Hdf5Link[]>;

  /**
   * The object of a path from this group on, such as `train/signals`; `undefined` where there is none. An empty path and `/`
   * are the group itself.
   *
   * @throws InvalidValueError for a path that is not a text.
   * @throws FormatError when the way is damaged or leads through a link that is not followed.
   */
  open(path: string): Promise<Hdf5Object | undefined>;
}

/** Which elements of a dataset to read. */
export interface Hdf5ReadOptions {
  /** The first entry in each dimension. @default 0 in each */
  readonly start?: readonly number[] | undefined;
  /** The number of entries in each dimension. @default all from `start` on */
  readonly count?: readonly number[] | undefined;
}

/** How the elements of a dataset are stored. */
export type Hdf5Storage = ElementPlaces & {
  readonly itemBytes: number;
  readonly dtype: ElementType | undefined;
  readonly byteOrder: ByteOrder;
};

/** A dataset, described and not yet read. */
export interface Hdf5Dataset extends Hdf5Common {
  readonly kind: 'dataset';
  readonly type: Hdf5Type;
  /** The type in words, such as `int16 big-endian`. */
  readonly typeText: string;
  /** The type of its numbers; `undefined` for other elements. */
  readonly dtype: ElementType | undefined;
  /** The kind of the value that is read. */
  readonly valueKind: Value['kind'];
  readonly shape: readonly number[];
  /** The extents that it may grow to; `Infinity` where nothing limits it. */
  readonly maxShape: readonly number[];
  /** Set where it holds nothing and has no dimensions: h5py's `Empty`. */
  readonly isNull: boolean;
  readonly layout: 'compact' | 'contiguous' | 'chunked' | 'virtual' | 'external';
  /** The extents of a chunk; absent for a dataset that is not chunked. */
  readonly chunk?: readonly number[] | undefined;
  readonly filters: readonly Hdf5Filter[];

  /**
   * Finds where its elements are, for readers that fetch the bytes themselves. The whole index of chunks is read, once.
   *
   * @throws FormatError when the index is damaged, or the layout is not read.
   */
  locate(): Promise<Hdf5Storage>;

  /**
   * Reads elements: all, or a box of them. Only the chunks that the box touches are read and inflated.
   *
   * @throws FormatError when the bytes are damaged, or the type, a filter or the layout is not read.
   * @throws InvalidValueError when the box is not inside of the dataset.
   */
  read(options?: Hdf5ReadOptions): Promise<Value>;
}

/** A type that was stored by name. */
export interface Hdf5NamedType extends Hdf5Common {
  readonly kind: 'type';
  readonly type: Hdf5Type;
  readonly typeText: string;
}

/** What a name in a group leads to. */
export type Hdf5Object = Hdf5Group | Hdf5Dataset | Hdf5NamedType;

/** An HDF5 file. */
export interface Hdf5File {
  readonly superblockVersion: number;
  /** Bytes before the file proper, such as the header of a MATLAB file of version 7.3. */
  readonly userBlockBytes: number;
  readonly root: Hdf5Group;

  /**
   * The object that a reference names.
   *
   * @param address An element of a dataset of references.
   * @throws FormatError when no object is stored there.
   */
  dereference(address: number | bigint): Promise<Hdf5Object>;
}
