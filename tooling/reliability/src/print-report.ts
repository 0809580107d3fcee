import type { ReliabilityFact } from './reliability-fact.ts';
import type { CountedSuite } from './suites.ts';

/** What one run of everything has told. */
export interface ReliabilityRun {
  readonly suites: readonly CountedSuite[];
  readonly facts: readonly ReliabilityFact[];
  readonly machine: string;
  readonly at: Date;
}

/** The report as Markdown. Whoever lost something has failed, and is not in it: so the losses are none. */
export function printReport({ suites, facts, machine, at }: ReliabilityRun): string {
  const rows = suites
    .filter(({ isCounted }) => isCounted)
    .map(({ name, passedTests = 0 }) => row(name, 'all', passedTests));
  const byMeasure = Map.groupBy(facts, ({ subject, measure }) => `${measure}: ${subject}`);
  for (const [measure, told] of byMeasure) rows.push(row(measure, formOf(told), sumOf(told)));
  const done = facts.filter(({ count }) => count > 0);
  const details = done.map(
    ({ subject, measure, detail, count }) => `| ${subject} | ${measure} | ${detail} | ${count} |`,
  );
  return [
    `On ${at.toISOString().slice(0, 10)}, ${machine}.`,
    ['| what | form | count | losses |', '|---|---|---:|---:|', ...rows].join('\n'),
    'One by one:',
    ['| of | what | where | count |', '|---|---|---|---:|', ...details].join('\n'),
    '',
  ].join('\n\n');
}

function row(name: string, form: string, count: number): string {
  return `| ${name} | ${form} | ${count} | 0 |`;
}

function sumOf(facts: readonly ReliabilityFact[]): number {
  return facts.reduce((sum, { count }) => sum + count, 0);
}

function formOf(facts: readonly ReliabilityFact[]): string {
  return facts.every(({ isLong }) => isLong) ? 'long' : 'short';
}
