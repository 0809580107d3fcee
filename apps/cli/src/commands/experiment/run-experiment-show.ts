import type { CommandHandler } from '../../command/command-declaration.ts';
import { printFields } from '../../output/fields.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printRuns } from '../run/print-runs.ts';

const shownRuns = 10;

/** Shows an experiment with its newest runs. */
export const runExperimentShow: CommandHandler = async (invocation, context) => {
  const name = invocation.argument(0);
  const tracking = await (await context.openApp()).tracking();
  const experiment = await tracking.findExperiment(name);
  const { items: runs } = await tracking.listRuns(name, { limit: shownRuns });
  const { output } = context;
  output.answer({ ...experiment, runs }, () => {
    const fields: readonly (readonly [string, string])[] = [
      ['name', plainText(experiment.name)],
      ['description', plainText(experiment.description)],
      ['tags', printTags(experiment.tags)],
      ['created', printTime(experiment.createdAt)],
    ];
    const shown = printFields(
      fields.filter(([, value]) => value !== ''),
      { paintName: output.style.dim },
    );
    return runs.length === 0 ? shown : `${shown}\n\n${printRuns(runs, output)}`;
  });
  if (runs.length === 0) output.say(`No runs. Start one: holdfast run create ${JSON.stringify(name)}`);
};
