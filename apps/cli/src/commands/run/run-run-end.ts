import { RunStatus } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { parseChoice } from '../../command/parse-choice.ts';

const endings = [RunStatus.Finished, RunStatus.Failed, RunStatus.Killed] as const;

/** Ends a run. */
export const runRunEnd: CommandHandler = async (invocation, context) => {
  const status = parseChoice('--status', invocation.text('status') ?? RunStatus.Finished, endings);
  const tracking = await (await context.openApp()).tracking();
  const before = await tracking.resolveRun(invocation.argument(0));
  const run = await tracking.endRun(before.id, status);
  context.output.answer(run, () => run.id);
  const is = before.status === status ? 'was already' : 'is';
  context.output.say(`${context.output.messageStyle.good('✓')} The run ${is} ${run.status}.`);
};
