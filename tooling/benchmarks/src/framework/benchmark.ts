import type { Amount } from './amount.ts';
import type { Setting } from './setting.ts';
import type { Target } from './target.ts';
import type { Turn } from './turn.ts';

/** What benchmarks are written down under together. */
export const BenchmarkGroup = {
  StartUp: 'start-up',
  Objects: 'objects',
  Streams: 'streams',
  ManyObjects: 'many-objects',
  Contention: 'contention',
  S3: 's3',
  Mirror: 'mirror',
  Values: 'values',
  Hdf5: 'hdf5',
} as const;

export type BenchmarkGroup = (typeof BenchmarkGroup)[keyof typeof BenchmarkGroup];

/** Under which conditions all contenders work alike, or how they differ, said in a few words each. */
export interface Conditions {
  /** How many operations are under way at a time. */
  readonly atOnce: number;
  readonly processState: 'warm' | 'fresh';
  readonly fileCache: 'warm' | 'cold';
  /** What is on the disk when the work counts as done, on both sides. */
  readonly synced: string;
  /** Whose memory the bytes come from or go to. */
  readonly buffer: string;
}

/** One who does the work: we, a peer, or what the machine allows. */
export interface Contender {
  readonly name: string;
  /** A peer that no target holds for: its figure is only told. @default false */
  readonly isTold?: boolean;
  /**
   * Does the work once and measures it through `turn`, then checks its own result.
   *
   * @throws Error when the result is wrong, so that nobody is fast by not working.
   */
  run(turn: Turn): Promise<void>;
}

/** The contenders, ready to work. Disposing frees what they hold; their files go with the folder. */
export interface Contest extends AsyncDisposable {
  readonly ours: Contender;
  readonly peers: readonly Contender[];
  /** What no program could beat here, measured the same way; left out where a peer is just that. */
  readonly limit?: Contender;
}

/** What a figure says: milliseconds on the clock or of the processor, bytes, or requests. */
export type Quantity = 'time' | 'cpu-time' | 'memory' | 'requests';

/** A comparison that can be repeated by anybody. */
export interface Benchmark {
  /** Names it on the command line. */
  readonly name: string;
  readonly group: BenchmarkGroup;
  /** What is measured, as a row of the table begins. */
  readonly work: string;
  readonly quantity: Quantity;
  /** The amount that counts, and a smaller one to try the benchmark with. */
  readonly amount: { readonly full: Amount; readonly quick: Amount };
  readonly conditions: Conditions;
  /** Left out where a figure is only told. */
  readonly target?: Target;
  prepare(setting: Setting): Promise<Contest>;
}
