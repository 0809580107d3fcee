import type { SeriesPoint, SeriesSummary } from '@holdfast/domain';
import type { ExperimentTrackingService, RunDetails } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { CommandError } from '../../failure/command-error.ts';
import { printFields } from '../../output/fields.ts';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printJson } from '../../output/print-json.ts';
import { printSize } from '../../output/print-size.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';
import { printRuns } from './print-runs.ts';

const pointsAtOnce = 1_000;
const shownTrials = 20;

/** Shows a run, or every value of one of its metrics. */
export const runRunShow: CommandHandler = async (invocation, context) => {
  const metric = invocation.text('metric');
  const tracking = await (await context.openApp()).tracking();
  const { id } = await tracking.resolveRun(invocation.argument(0));
  if (metric !== undefined) return showMetric(tracking, { id, metric }, context);
  const details = await tracking.describeRun(id);
  const { items: trials } = await tracking.listTrials(id, { limit: shownTrials });
  const { output } = context;
  const { run, experiment, metrics, trialCount } = details;
  output.answer(
    { ...run, experiment: experiment?.name ?? null, metrics: metrics.map(summaryDocument), trialCount },
    () =>
      [
        printRun(details, output),
        ...(metrics.length === 0 ? [] : [printMetrics(metrics, output)]),
        ...(trials.length === 0 ? [] : [printRuns(trials, output)]),
      ].join('\n\n'),
  );
};

async function showMetric(
  tracking: ExperimentTrackingService,
  { id, metric }: { readonly id: string; readonly metric: string },
  { output }: CommandContext,
): Promise<void> {
  const { metrics } = await tracking.describeRun(id);
  if (metrics.every(({ key }) => key !== metric))
    throw new CommandError({
      code: 'not-found',
      message: `The run ${id} has no metric ${metric}.`,
      hint: metrics.length === 0 ? undefined : `It has ${metrics.map(({ key }) => key).join(', ')}.`,
      details: { run: id, metric },
    });
  let after: string | undefined;
  do {
    const page = await tracking.readMetric(id, metric, { limit: pointsAtOnce, after });
    for (const point of page.items) output.print(printPoint(point, output));
    after = page.next;
  } while (after !== undefined);
}

function printPoint({ step, atMs, value }: SeriesPoint, { isJson }: Output): string {
  const at = new Date(atMs).toISOString();
  return isJson ? printJson({ step, at, value }) : `${step}\t${at}\t${String(value)}`;
}

function printRun({ run, experiment }: RunDetails, { style }: Output): string {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['run', run.id],
    ['name', plainText(run.name)],
    ['experiment', plainText(experiment?.name ?? run.experimentId)],
    ['trial of', run.parentId],
    ['status', run.status],
    ['started', printTime(run.startedAt)],
    ['ended', run.endedAt === undefined ? undefined : printTime(run.endedAt)],
    ['by', run.by === undefined ? undefined : plainText(run.by)],
    ['parameters', printTags(run.parameters)],
    ['tags', printTags(run.tags)],
    [
      'artifacts',
      run.artifacts.map(({ path, sizeBytes }) => `${plainText(path)} (${printSize(sizeBytes)})`).join('\n'),
    ],
  ];
  const shown = fields.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
  return printFields(shown, { paintName: style.dim });
}

function printMetrics(metrics: readonly SeriesSummary[], { style, widthColumns }: Output): string {
  return printTable(
    [
      { heading: 'METRIC', paint: style.bold, shrinksTo: 12 },
      { heading: 'LAST', alignment: 'right' },
      { heading: 'STEP', alignment: 'right' },
      { heading: 'LEAST', alignment: 'right', rank: 1 },
      { heading: 'GREATEST', alignment: 'right', rank: 1 },
      { heading: 'VALUES', alignment: 'right', rank: 2 },
    ],
    metrics.map(({ key, last, least, greatest, count }) => [
      plainText(key),
      String(last.value),
      String(last.step),
      String(least),
      String(greatest),
      String(count),
    ]),
    { widthColumns, paintHeading: style.dim },
  );
}

function summaryDocument({ key, count, last, least, greatest }: SeriesSummary) {
  const at = new Date(last.atMs).toISOString();
  return {
    name: key,
    count,
    last: { step: last.step, at, value: last.value },
    least,
    greatest,
  };
}
