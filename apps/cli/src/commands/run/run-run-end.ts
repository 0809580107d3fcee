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
  const tracking = await (await context.openApp()).tracking();
  const before = await tracking.resolveRun(invocation.argument(0));
  const run = await tracking.endRun(before.id, status);
  context.output.answer(run, () => run.id);
  const is = before.status === status ? 'was already' : 'is';
  context.output.say(`${context.output.messageStyle.good('✓')} The run ${is} ${run.status}.`);
};
