/** How much is done in one repetition. */
export interface Amount {
  readonly count: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** The size of each, where it matters. */
  readonly sizeBytes?: number;
}
