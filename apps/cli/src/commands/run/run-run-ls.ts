import { RunStatus } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { limitOf } from '../../command/limit-of.ts';
import { parseChoice } from '../../command/parse-choice.ts';
import { CommandError } from '../../failure/command-error.ts';
import { printJson } from '../../output/print-json.ts';
import { type ListedRun, printRuns } from './print-runs.ts';

const bestShown = 10;

/** Lists runs of an experiment. */
export const runRunLs: CommandHandler = async (invocation, context) => {
  const experiment = invocation.argument(0);
  const [metric, status, limit] = [invocation.text('best'), statusOf(invocation), limitOf(invocation)];
  if (metric === undefined && invocation.isSet('lowest'))
    throw new CommandError({
      code: 'wrong-use',
      message: '--lowest says in which order --best lists runs.',
      hint: 'Name a metric: --best loss --lowest',
    });
  const tracking = await (await context.openApp()).tracking();
  const direction = invocation.isSet('lowest') ? 'ascending' : 'descending';
  const { items, next }: { readonly items: readonly ListedRun[]; readonly next?: string } =
    metric === undefined
      ? await tracking.listRuns(experiment, { status, limit })
      : {
          items: (await tracking.bestRuns(experiment, metric, { direction, limit: limit ?? bestShown })).map(
            ({ run, value }) => ({ ...run, value }),
          ),
        };
  const { output } = context;
  if (output.isJson) for (const run of items) output.print(printJson(run));
  else if (items.length > 0) output.print(printRuns(items, output, metric));
  else output.say(noRunsNote({ metric, status }));
  if (next !== undefined) output.say(output.messageStyle.dim('There are more: raise --limit.'));
};

function noRunsNote({
  metric,
  status,
}: {
  readonly metric: string | undefined;
  readonly status: RunStatus | undefined;
}): string {
  if (metric !== undefined) return `No run has a value of ${metric}.`;
  return status === undefined ? 'No runs.' : `No run has the status ${status}.`;
}

function statusOf(invocation: Invocation): RunStatus | undefined {
  const text = invocation.text('status');
  return text === undefined ? undefined : parseChoice('--status', text, Object.values(RunStatus));
}
