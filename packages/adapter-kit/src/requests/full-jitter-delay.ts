/** Between which bounds a delay is drawn. */
export interface JitterOptions {
  /** Bound of the first delay; it doubles with every failure. */
  readonly baseDelayMs: number;
  readonly maximumDelayMs: number;
  /** A number from 0 up to, but not, 1. */
  readonly random: () => number;
}

/**
 * How long to wait after so many failures: anything between nothing and a bound that doubles, so that clients
 * which failed together do not come back together.
 */
export function fullJitterDelayMs(failures: number, options: JitterOptions): number {
  const boundMs = Math.min(options.maximumDelayMs, options.baseDelayMs * 2 ** (failures - 1));
  return options.random() * boundMs;
}
