/** What one test has done and found: nothing was lost, or it would have failed before it could tell. */
export interface ReliabilityFact {
  /** What was put to the test: `store`, `registry`. */
  readonly subject: string;
  /** What was done to it, in the plural: `kills`, `injected errors`, `operations in eight processes`. */
  readonly measure: string;
  /** Which of these: a system call, a scene. */
  readonly detail: string;
  readonly count: number;
  /** Whether everything was tried that the long form tries. */
  readonly isLong: boolean;
}
