import type { CommandHandler } from '../../command/command-declaration.ts';

/** Removes an experiment that has no runs. */
export const runExperimentRm: CommandHandler = async (invocation, { openApp, output }) => {
  const name = invocation.argument(0);
  await (await (await openApp()).tracking()).removeExperiment(name);
  output.answer({ removed: [name] }, () => name);
  output.say(`${output.messageStyle.good('✓')} Removed the experiment.`);
};
