import type { Quantity } from '../framework/benchmark.ts';
import type { Figure, Outcome } from '../framework/figure.ts';
import { type Target, achieved, isReached } from '../framework/target.ts';
import { printAmount, printBytes, printMilliseconds, printNumber, printRate } from './print-quantity.ts';
import { printTable } from './print-table.ts';

const head = ['work', 'ours', 'against', 'ratio', 'target', 'verdict', 'the limit here'];

/** What was measured, as Markdown: one row for each peer, and under which conditions it holds. */
export function printOutcomes(outcomes: readonly Outcome[]): string {
  const table = printTable([head, ...outcomes.flatMap(rowsOf)]);
  return `${table}\n\n${outcomes.map(printConditions).join('\n')}`;
}

function rowsOf(outcome: Outcome): readonly (readonly string[])[] {
  const peers = outcome.peers.length === 0 ? [undefined] : outcome.peers;
  return peers.map((peer) => rowOf(outcome, peer));
}

function rowOf(outcome: Outcome, peer: Figure | undefined): readonly string[] {
  const { benchmark, ours, limit } = outcome;
  const isTold = peer?.isTold === true && benchmark.target?.of !== 'ours';
  const target = isTold ? undefined : benchmark.target;
  const value = target === undefined ? undefined : achieved(target, ours.median, peer?.median);
  const verdict =
    target === undefined || value === undefined ? '–' : isReached(target, value) ? 'reached' : 'missed';
  return [
    benchmark.work,
    `${printFigure(outcome, ours)}${excessOf(outcome, value)}`,
    peer === undefined ? '–' : `${peer.name}: ${printFigure(outcome, peer)}`,
    peer === undefined ? '–' : (ours.median / peer.median).toFixed(2),
    target === undefined ? 'reported' : printTarget(outcome, target),
    verdict,
    limit === undefined ? 'the same' : `${limit.name}: ${printFigure(outcome, limit)}`,
  ];
}

/** The median, from the least to the greatest, and the rate where pieces are done one after another. */
function printFigure({ benchmark, amount }: Outcome, figure: Figure): string {
  const print = printerOf(benchmark.quantity);
  const spread = `${print(figure.median)} (${print(figure.least)}–${print(figure.greatest)})`;
  const hasRate = benchmark.quantity === 'time' && benchmark.conditions.processState === 'warm';
  return hasRate ? `${spread}, ${printRate(amount, figure.median)}` : spread;
}

function excessOf({ benchmark }: Outcome, value: number | undefined): string {
  if (benchmark.target?.of !== 'excess' || value === undefined) return '';
  return `, ${printerOf(benchmark.quantity)(value)} over it`;
}

function printTarget({ benchmark }: Outcome, { of, comparison, value }: Target): string {
  if (of === 'ratio') return `${comparison} ${printNumber(value)}`;
  const text = `${comparison} ${printerOf(benchmark.quantity)(value)}`;
  return of === 'excess' ? `${text} over it` : text;
}

function printerOf(quantity: Quantity): (value: number) => string {
  if (quantity === 'requests') return printNumber;
  return quantity === 'memory' ? printBytes : printMilliseconds;
}

function printConditions({ benchmark, amount, ours }: Outcome): string {
  const { atOnce, processState, fileCache, synced, buffer } = benchmark.conditions;
  return [
    `- **${benchmark.work}** (\`${benchmark.name}\`): ${printAmount(amount)}, ${atOnce} at once`,
    `${processState} process, ${fileCache} file cache`,
    `synced: ${synced}`,
    `memory: ${buffer}`,
    `median of ${ours.values.length} after one warm-up.`,
  ].join('; ');
}
