import type { CommandHandler } from '../../command/command-declaration.ts';

/** Removes a run with its metrics and trials. */
export const runRunRm: CommandHandler = async (invocation, { openApp, output }) => {
  const removed = await (await (await openApp()).tracking()).removeRun(invocation.argument(0));
  output.answer({ removed }, () => removed.join('\n'));
  const trials = removed.length - 1;
  const also = trials === 0 ? '' : ` and ${trials} ${trials === 1 ? 'trial' : 'trials'}`;
  output.say(`${output.messageStyle.good('✓')} Removed the run${also}.`);
};
