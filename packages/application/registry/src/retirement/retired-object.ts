/** What became of an object of a store that retires. */
export interface RetiredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /**
   * `kept`: another store has it, which was read again. `copied`: it was brought elsewhere and read again there. `lost`:
   * only this store had it, and it was given up. `failed`: it is safe nowhere else, so that the store keeps its objects.
   */
  readonly outcome: 'kept' | 'copied' | 'lost' | 'failed';
  /** Where it is now. */
  readonly storeName?: string;
  readonly reason?: string;
  /** The versions that need it, as `name:number`, when it is lost or failed. */
  readonly affected?: readonly string[];
}
