import type { ElementData, ElementType } from './element-type.ts';
import type { ValueAttribute } from './value-attribute.ts';
import type { ElementOrder, NumericArray, Value } from './value.ts';

/** Settings of the reading of one value. */
export interface ReadValueOptions {
  /**
   * An array of the caller's to read into: of the type that the element type names, with room for exactly the elements.
   * The result's `data` is this array. Reading into one that is used again is several times as fast as a fresh one.
   */
  readonly into?: ElementData | undefined;
  /**
   * Reads only a part of the slowest dimension (the first of a row-major array, the last of a column-major one):
   * `count` entries from `start` on. The shape of the result has `count` there.
   */
  readonly part?: { readonly start: number; readonly count: number } | undefined;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a value is listed without elements. */
export interface Unread {
  /** As the end of a sentence about the value, such as `is a soft link to /train/signals`. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Set for a link. `follow` finds what it leads to; `undefined` where that is no value of this file. */
  readonly link?: { follow(): Promise<LazyValue | undefined> } | undefined;
}

/** A value of a file that is described and not yet read. */
export interface LazyValue {
  /** Its name in the file; empty where the format gives none. */
  readonly name: string;
  readonly kind: Value['kind'];
  /** The type of the elements, where they are numeric. */
  readonly dtype?: ElementType | undefined;
  /** Extent of each dimension; empty for a scalar. */
  readonly shape: readonly number[];
  readonly order: ElementOrder;
  /** The type as the format writes it, such as `<f4`, `F32` or `double`. */
  readonly typeText: string;
  /** Set for a plain value of a program that the file holds beside its arrays, such as the epoch of a checkpoint. */
  readonly isPlain?: true | undefined;
  /** Size of the data once it is read, in bytes, where the file states it. */
  readonly sizeBytes?: number | undefined;
  /** Set where its elements are not read. */
  readonly unread?: Unread | undefined;
  /** What its type states beside the elements and no target keeps, such as `names of the enumeration`. */
  readonly lost?: readonly string[] | undefined;
  /** Gives the attributes of a dataset; absent where the format has none. */
  attributes?(): Promise<readonly ValueAttribute[]>;

  /**
   * Reads it, as a whole unless `part` says otherwise.
   *
   * @throws FormatError when the bytes break the rules of the format.
   * @throws InvalidValueError when `into` or `part` does not fit the value.
   */
  read(options?: ReadValueOptions): Promise<Value>;
}

/** A numeric array of a file that is described and not yet read. */
export interface LazyArray extends LazyValue {
  readonly kind: 'numeric';
  readonly dtype: ElementType;
  /** What times count; see {@link NumericArray.unit}. */
  readonly unit?: string | undefined;
  read(options?: ReadValueOptions): Promise<NumericArray>;
  /**
   * The elements in little-endian byte order, in the order of the array, in pieces. A piece is lent: it is overwritten by the next.
   *
   * @param options.pieceBytes The most bytes of a piece. @default 1048576
   */
  pieces(options?: PiecesOptions): AsyncIterable<Uint8Array>;
}

/** Settings of {@link LazyArray.pieces}. */
export interface PiecesOptions {
  readonly pieceBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Whether a value is a numeric array. */
export function isLazyArray(value: LazyValue): value is LazyArray {
  return value.kind === 'numeric';
}
