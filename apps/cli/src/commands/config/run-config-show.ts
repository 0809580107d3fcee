import type { CommandHandler } from '../../command/command-declaration.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTable } from '../../output/table.ts';

/** Prints every value that is in force, with where it comes from. */
export const runConfigShow: CommandHandler = async (_invocation, context) => {
  const loaded = await context.loadConfiguration();
  const { listSettings } = await import('@holdfast/composition');
  const settings = listSettings(loaded);
  const { file, configuration } = loaded;
  const { output } = context;
  output.answer({ file: file ?? null, configuration, settings }, () =>
    printTable(
      [
        { heading: 'SETTING', paint: output.style.bold },
        { heading: 'VALUE', shrinksTo: 24 },
        { heading: 'FROM', paint: output.style.dim, shrinksTo: 12 },
      ],
      settings.map(({ path, value, source }) => [path, plainText(String(value)), plainText(source)]),
      { widthColumns: output.widthColumns, paintHeading: output.style.dim },
    ),
  );
};
