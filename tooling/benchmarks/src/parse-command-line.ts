import { parseArgs } from 'node:util';
import type { Benchmark } from './framework/benchmark.ts';

export const usage = `pnpm bench [options] [name…]

Measures Holdfast against named peers and prints tables in Markdown.
A name is a benchmark or a group of them; every benchmark without a name.

  --quick            smaller amounts: to see that a benchmark works, not for figures that count
  --repetitions <n>  counted ones, after one to warm up (default 5)
  --folder <path>    where the data lies meanwhile, on the disk that is to be measured
  --write            put the tables into docs/benchmarks.md, whole groups with full amounts only
  --list             the benchmarks
  --help             this text`;

const leastRepetitions = 5;

/** What a run was asked for. */
export interface CommandLine {
  readonly benchmarks: readonly Benchmark[];
  readonly isQuick: boolean;
  readonly repetitions: number;
  readonly folder: string | undefined;
  readonly isWritten: boolean;
  readonly shows: 'help' | 'list' | undefined;
}

/** @throws Error that says what is wrong with the arguments. */
export function parseCommandLine(parameters: readonly string[], all: readonly Benchmark[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      repetitions: { type: 'string', default: String(leastRepetitions) },
      folder: { type: 'string' },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const repetitions = Number(values.repetitions);
  if (!Number.isSafeInteger(repetitions) || repetitions < 1)
    throw new Error('--repetitions is a number from 1 up.');
  const benchmarks = choose(positionals, all);
  if (values.write) assertWritable(benchmarks, { all, isQuick: values.quick, repetitions });
  return {
    benchmarks,
    repetitions,
    isQuick: values.quick,
    folder: values.folder,
    isWritten: values.write,
    shows: values.help ? 'help' : values.list ? 'list' : undefined,
  };
}

function choose(names: readonly string[], all: readonly Benchmark[]): readonly Benchmark[] {
  if (names.length === 0) return all;
  for (const name of names) {
    if (all.some((benchmark) => isMeant(benchmark, name))) continue;
    throw new Error(`There is no benchmark ${name}. --list tells which there are.`);
  }
  return all.filter((benchmark) => names.some((name) => isMeant(benchmark, name)));
}

function isMeant(benchmark: Benchmark, name: string): boolean {
  return benchmark.name === name || benchmark.group === name;
}

/** Figures that are written down are whole: nobody sees which rows of a table come from another run. */
function assertWritable(
  chosen: readonly Benchmark[],
  options: { readonly all: readonly Benchmark[]; readonly isQuick: boolean; readonly repetitions: number },
): void {
  if (options.isQuick) throw new Error('--quick makes figures that do not count: leave out --write.');
  if (options.repetitions < leastRepetitions)
    throw new Error(`--write needs ${leastRepetitions} repetitions or more.`);
  const groups = new Set(chosen.map(({ group }) => group));
  const missing = options.all.filter(
    (benchmark) => groups.has(benchmark.group) && !chosen.includes(benchmark),
  );
  if (missing.length === 0) return;
  throw new Error(`--write needs whole groups; missing: ${missing.map(({ name }) => name).join(', ')}.`);
}
