/** How much is worked on at once, and what ends it. */
export interface ParallelOptions {
  /** How many items are worked on at once. */
  readonly atOnce: number;
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
}
