import type { CommandHandler } from '../../command/command-declaration.ts';

/** Tells whether the configuration can be used; what is wrong with it is thrown by reading it. */
export const runConfigCheck: CommandHandler = async (_invocation, context) => {
  const { file, configuration, ignoredVariables } = await context.loadConfiguration();
  const { output } = context;
  const stores = Object.keys(configuration.stores);
  const document = { isValid: true, file: file ?? null, stores, ignoredVariables };
  output.answer(document, () => file ?? 'no file: the defaults hold');
  for (const name of ignoredVariables)
    output.warn(`The variable ${name} sets nothing: no field of the configuration has that name.`);
  output.say(
    `${output.messageStyle.good('✓')} The configuration can be used (${stores.length === 1 ? 'store' : 'stores'}: ${stores.join(', ')}).`,
  );
};
