import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark } from './benchmark.ts';
import type { Outcome } from './figure.ts';
import { measureContest } from './measure-contest.ts';
import { Setting } from './setting.ts';
import type { SharedMaterial } from './shared-material.ts';

export interface RunOptions {
  /** Where the benchmark may make its own folder. */
  readonly workFolder: string;
  readonly shared: SharedMaterial;
  readonly isQuick: boolean;
  readonly repetitions: number;
  /** Tells people what is going on. */
  readonly say: (what: string) => void;
}

/** Prepares a benchmark, measures it, and removes what it made. */
export async function runBenchmark(benchmark: Benchmark, options: RunOptions): Promise<Outcome> {
  const { shared, repetitions, say } = options;
  const amount = options.isQuick ? benchmark.amount.quick : benchmark.amount.full;
  const folder = join(options.workFolder, benchmark.name);
  say('preparing');
  try {
    const setting = new Setting({ folder, amount, shared, say });
    await setting.makeFolder('.');
    await using contest = await benchmark.prepare(setting);
    const onTurn = (contender: string, repetition: number): void =>
      say(`${repetition === 0 ? 'warm-up' : `${repetition} of ${repetitions}`}: ${contender}`);
    return { benchmark, amount, ...(await measureContest(contest, { repetitions, onTurn })) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
