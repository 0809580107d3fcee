import type { TrainingRun } from '@holdfast/domain';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';

/** A run, with the value of the metric by which runs are listed. */
export type ListedRun = TrainingRun & { readonly value?: number };

/** Prints runs as a table. */
export function printRuns(
  runs: readonly ListedRun[],
  { style, widthColumns }: Output,
  metric?: string,
): string {
  return printTable(
    [
      { heading: 'RUN', paint: style.bold },
      { heading: 'NAME', shrinksTo: 8 },
      { heading: 'STATUS' },
      ...(metric === undefined
        ? []
        : [{ heading: plainText(metric).toUpperCase(), alignment: 'right' as const }]),
      { heading: 'STARTED', paint: style.dim, rank: 1 },
      { heading: 'PARAMETERS', shrinksTo: 8, rank: 2 },
    ],
    runs.map(({ id, name, status, value, startedAt, parameters }) => [
      id,
      name === '' ? '-' : plainText(name),
      status,
      ...(metric === undefined ? [] : [value === undefined ? '-' : String(value)]),
      printTime(startedAt),
      printTags(parameters),
    ]),
    { widthColumns, paintHeading: style.dim },
  );
}
