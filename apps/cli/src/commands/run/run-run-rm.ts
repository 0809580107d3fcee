import { RunStatus } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { confirmRemoval } from '../../command/confirm.ts';

/** Removes a run with its metrics and trials: one that is running or has trials, after the user said yes. */
export const runRunRm: CommandHandler = async (invocation, context) => {
  const { output } = context;
  const tracking = await (await context.openApp()).tracking();
  const { id } = await tracking.resolveRun(invocation.argument(0));
  if (!invocation.isSet('yes')) {
    const { run, trialCount } = await tracking.describeRun(id);
    const facts = [
      ...(run.status === RunStatus.Running ? ['running'] : []),
      ...(trialCount === 0 ? [] : [`with ${printTrials(trialCount)}`]),
    ];
    if (facts.length > 0) await confirmRemoval(`Remove the run ${id} (${facts.join(', ')})?`, context);
  }
  const removed = await tracking.removeRun(id);
  output.answer({ removed }, () => removed.join('\n'));
  const also = removed.length === 1 ? '' : ` and ${printTrials(removed.length - 1)}`;
  output.say(`${output.messageStyle.good('✓')} Removed the run${also}.`);
};

function printTrials(count: number): string {
  return `${count} ${count === 1 ? 'trial' : 'trials'}`;
}
