/** What became of something in a store. Objects that a version needs are not told. */
export interface CollectedItem {
  /** The store, or the folder of spools. */
  readonly storeName: string;
  /** The object's key, the leftover's name, or nothing when it is the whole store. */
  readonly name: string;
  readonly sizeBytes: number;
  /** `removed` means "would be" in a dry run. */
  readonly outcome: 'removed' | 'kept';
  readonly reason: string;
}
