import { RunStatus } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { CommandError } from '../../failure/command-error.ts';

const endings = [RunStatus.Finished, RunStatus.Failed, RunStatus.Killed] as const;

/** Ends a run. */
export const runRunEnd: CommandHandler = async (invocation, context) => {
  const text = invocation.text('status') ?? RunStatus.Finished;
  const status = endings.find((one) => one === text);
  if (status === undefined)
    throw new CommandError({
      code: 'invalid-value',
      message: `--status must be one of ${endings.join(', ')} (got ${JSON.stringify(text)}).`,
      details: { field: '--status', value: text },
    });
  const run = await (await (await context.openApp()).tracking()).endRun(invocation.argument(0), status);
  context.output.answer(run, () => run.id);
  context.output.say(`${context.output.messageStyle.good('✓')} The run is ${run.status}.`);
};
