import { parseTags } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { parsePairs } from '../../command/parse-pairs.ts';

/** Creates an experiment. */
export const runExperimentCreate: CommandHandler = async (invocation, context) => {
  const name = invocation.argument(0);
  const tags = parseTags(parsePairs(invocation.texts('tag'), 'tag'));
  const tracking = await (await context.openApp({ create: true })).tracking();
  const experiment = await tracking.createExperiment({
    name,
    description: invocation.text('description'),
    tags,
  });
  context.output.answer(experiment, () => experiment.name);
  context.output.say(
    `${context.output.messageStyle.good('✓')} Created the experiment. Start a run: holdfast run create ${JSON.stringify(name)}`,
  );
};
