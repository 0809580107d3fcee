import {
  type Alignment,
  type Metric,
  type MetricName,
  type SignalFromFile,
  SignalValidator,
  type SignalValidatorOptions,
  type ValidationResult,
} from '@holdfast/signals';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { parseChoice } from '../../command/parse-choice.ts';
import { parseCount } from '../../command/parse-count.ts';
import { parseNumbers } from '../../command/parse-numbers.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import type { Output } from '../../output/output.ts';
import { printCount } from '../../output/print-count.ts';
import { printTable } from '../../output/table.ts';
import { readSignalFile } from './read-signal-file.ts';

/** Compares two files; ends with 1 when a limit is not met. */
export const runValidate: CommandHandler = async (invocation, context) => {
  const validator = new SignalValidator(optionsOf(invocation));
  const [from, against] = [invocation.argument(0), invocation.argument(1)];
  const pattern = invocation.text('signal');
  const channel = invocation.text('channel');
  const options = {
    pattern,
    channel: channel === undefined ? undefined : parseCount(channel, { what: '--channel', least: 0 }),
    isStrict: invocation.isSet('strict'),
  };
  const candidate = await readSignalFile(from, options, context);
  const referencePattern = invocation.text('referenceSignal') ?? pattern;
  const reference = await readSignalFile(against, { ...options, pattern: referencePattern }, context);
  warnOfRates([candidate, reference], context.output);
  const result = validator.validate(candidate.samples, reference.samples);
  const { output } = context;
  output.answer(documentOf(result, { candidate, reference }), () => printResult(result, output));
  for (const warning of result.warnings) output.warn(warning);
  const count = printCount(candidate.samples.length, 'sample');
  const { good, bad } = output.messageStyle;
  if (result.passed) output.say(`${good('✓')} ${from} agrees with ${against} (${count}).`);
  if (result.metrics.length > 0) for (const error of result.errors) output.say(`${bad('✗')} ${error}`);
  return result.passed ? ExitCode.Done : ExitCode.CheckFailed;
};

function optionsOf(invocation: Invocation): SignalValidatorOptions {
  const [scale, alignment] = [invocation.text('scale'), invocation.text('align')];
  const segmentLength = invocation.text('segmentLength');
  return {
    tolerance: parseNumbers(parsePairs(invocation.texts('tolerance'), 'tolerance'), {
      what: 'tolerance',
      example: 'mean=0.05',
    }),
    scale: scale === undefined ? undefined : parseChoice('--scale', scale, ['rms', 'value'] as const),
    alignment: alignment === undefined ? undefined : parseChoice('--align', alignment, alignments),
    segmentLength:
      segmentLength === undefined
        ? undefined
        : parseCount(segmentLength, { what: '--segment-length', least: 1 }),
  };
}

const alignments: readonly Alignment[] = ['start', 'end', 'lag'];

function warnOfRates(files: readonly SignalFromFile[], output: Output): void {
  const [first, second] = files.map(({ samplingRateHz }) => samplingRateHz);
  if (first === undefined || second === undefined || first === second) return;
  output.warn(`The sampling rates are ${first} Hz and ${second} Hz; sample is compared with sample.`);
}

interface Compared {
  readonly candidate: SignalFromFile;
  readonly reference: SignalFromFile;
}

function documentOf(result: ValidationResult, { candidate, reference }: Compared): object {
  const { coherence: _spectrum, ...rest } = result;
  return { ...rest, candidate: about(candidate), reference: about(reference) };
}

function about({ path, samples, samplingRateHz, others }: SignalFromFile): object {
  return { path, sampleCount: samples.length, samplingRateHz, others };
}

function printResult({ metrics, errors }: ValidationResult, { style, widthColumns }: Output): string {
  if (metrics.length === 0) return errors.join('\n');
  const marks = { passed: style.good('✓'), failed: style.bad('✗'), 'not assessed': style.warning('!') };
  const columns = [
    { heading: 'METRIC' },
    { heading: 'VALUE', alignment: 'right' },
    { heading: 'LIMIT', alignment: 'right' },
    { heading: 'RESULT' },
  ] as const;
  const rows = metrics.map(({ name, value, limit, outcome }) => [
    labels[name],
    Number.isNaN(value) ? '' : printValue(name, value),
    `${isLikeness(name) ? '≥' : '≤'} ${printValue(name, limit)}`,
    outcome,
  ]);
  const paint = (cell: string): string => marks[cell.trim() as keyof typeof marks] + ' ' + cell;
  const withPaint = columns.map((column) => (column.heading === 'RESULT' ? { ...column, paint } : column));
  return printTable(withPaint, rows, { widthColumns, paintHeading: style.dim });
}

const labels: Readonly<Record<MetricName, string>> = {
  mean: 'mean',
  standardDeviation: 'standard deviation',
  rms: 'root mean square',
  percentiles: 'percentiles',
  pointwise: 'pointwise',
  correlation: 'correlation',
  coherence: 'coherence',
};

function isLikeness(name: Metric['name']): boolean {
  return name === 'correlation' || name === 'coherence';
}

function printValue(name: MetricName, value: number): string {
  if (isLikeness(name)) return String(Number(value.toPrecision(4)));
  return Number.isFinite(value) ? `${Number((value * 100).toPrecision(3))} %` : 'infinite';
}
