import type { CommandHandler } from '../../command/command-declaration.ts';
import { limitOf } from '../../command/limit-of.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';

/** Lists experiments. */
export const runExperimentLs: CommandHandler = async (invocation, context) => {
  const namePrefix = invocation.optionalArgument(0);
  const tracking = await (await context.openApp()).tracking();
  const { items, next } = await tracking.listExperiments({ namePrefix, limit: limitOf(invocation) });
  const { output } = context;
  const { style } = output;
  if (output.isJson) for (const experiment of items) output.print(JSON.stringify(experiment));
  else if (items.length > 0) {
    const table = printTable(
      [
        { heading: 'EXPERIMENT', paint: style.bold, shrinksTo: 16 },
        { heading: 'CREATED', paint: style.dim, rank: 1 },
        { heading: 'TAGS', shrinksTo: 8, rank: 2 },
      ],
      items.map(({ name, createdAt, tags }) => [plainText(name), printTime(createdAt), printTags(tags)]),
      { widthColumns: output.widthColumns, paintHeading: style.dim },
    );
    output.print(table);
  } else
    output.say(
      namePrefix === undefined
        ? 'No experiments. Create one: holdfast experiment create NAME'
        : `No experiment has a name that begins with ${JSON.stringify(namePrefix)}. List all: holdfast experiment ls`,
    );
  if (next !== undefined) output.say(output.messageStyle.dim('There are more: raise --limit.'));
};
