/** A statement that took long. */
export interface SlowQuery {
  /** The statement with placeholders in place of values. */
  readonly sql: string;
  readonly durationMs: number;
}
