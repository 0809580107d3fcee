/** The room of a store, at one moment and for all who write to it together. */
export interface StorageSpace {
  /** What can still be written by this user. */
  readonly freeBytes: number;
  /** What is free and what is used together, where that is known. */
  readonly totalBytes?: number;
}
