import type { CommandHandler } from '../../command/command-declaration.ts';

/** Prints the JSON Schema of the configuration, the same with and without `--json` but for the line breaks. */
export const runConfigSchema: CommandHandler = async (_invocation, { output }) => {
  const { configurationJsonSchema } = await import('@holdfast/contracts');
  const schema = configurationJsonSchema();
  output.answer(schema, () => JSON.stringify(schema, undefined, 2));
};
