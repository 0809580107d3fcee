import type { Benchmark } from '../framework/benchmark.ts';
import { put1MibDurably, put4KibDurably } from './put-durably.ts';

/** Every benchmark, in the order in which they are run and told. */
export const allBenchmarks: readonly Benchmark[] = [put4KibDurably, put1MibDurably];
