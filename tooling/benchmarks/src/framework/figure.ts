import type { Amount } from './amount.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './median.ts';

/** What was measured of one contender, over all repetitions: milliseconds or bytes. */
export class Figure {
  readonly name: string;
  readonly values: readonly number[];
  /** Whether no target holds for it. */
  readonly isTold: boolean;

  constructor(name: string, values: readonly number[], { isTold = false } = {}) {
    this.name = name;
    this.values = values;
    this.isTold = isTold;
  }

  get median(): number {
    return median(this.values);
  }

  get least(): number {
    return Math.min(...this.values);
  }

  get greatest(): number {
    return Math.max(...this.values);
  }
}

/** What was measured of a benchmark. */
export interface Outcome {
  readonly benchmark: Benchmark;
  readonly amount: Amount;
  readonly ours: Figure;
  readonly peers: readonly Figure[];
  readonly limit: Figure | undefined;
}
