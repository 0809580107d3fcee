/** What a backend can do. What it declares it cannot do, it rejects with `unsupported`, before any I/O. */
export interface StorageCapabilities {
  /** `put` with mode `create`. */
  readonly createIfAbsent: boolean;
  /** `put` with mode `{ ifMatch }`. */
  readonly replaceIfMatch: boolean;
  /** `delete` with `ifMatch`. */
  readonly deleteIfMatch: boolean;
  /** `copy` with a mode other than `overwrite`. */
  readonly conditionalCopy: boolean;
  /** `put` under a key that is known when the bytes are. */
  readonly lateKey: boolean;
  /** `get` with `{ offset, length }`. */
  readonly ranges: boolean;
  /** `get` with `{ suffix }`. */
  readonly suffixRanges: boolean;
  /** `metadata` of `put` and `copy`. */
  readonly userMetadata: boolean;
  readonly contentType: boolean;
  /** Earlier states of an object can be read by `version`. */
  readonly versions: boolean;
  /** The order of `list`: by the UTF-8 bytes of the keys, or none that is promised. */
  readonly listOrder: 'bytewise' | 'none';
  readonly delimiters: boolean;
  readonly startAfter: boolean;
  readonly presignGet: boolean;
  readonly presignPut: boolean;
  readonly transactions: boolean;
  readonly localPath: boolean;
  /**
   * A key may be the beginning of another one's path: `a` may be there beside `a/b`. Where files are the objects it
   * may not, and the one that comes second is `invalid-key`. @default true
   */
  readonly keysBelowKeys?: boolean;
  /**
   * An etag is of one state and never comes again. Where it is of the bytes instead, equal bytes that are written
   * again have the etag of before, and a deletion by etag that arrives late may hit them. @default true
   */
  readonly etagsNameStates?: boolean;
  /** Largest object. */
  readonly maximumSizeBytes: number;
  /** Longest key after the store's prefix and escapes; a longer one is `invalid-key`. */
  readonly maximumKeyBytes: number;
}

/** A capability that only the server can keep. */
export type StorageCondition = keyof Pick<
  StorageCapabilities,
  'createIfAbsent' | 'replaceIfMatch' | 'deleteIfMatch' | 'conditionalCopy'
>;
