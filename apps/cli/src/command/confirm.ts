import { CommandError } from '../failure/command-error.ts';
import { askUser } from './ask-user.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Asks the user for a yes.
 *
 * @throws CommandError `wrong-use` where no terminal exists to ask on, as `refusal` explains; `cancelled` without a yes.
 */
export async function confirm(
  question: string,
  context: CommandContext,
  refusal: { readonly message: string; readonly hint: string },
): Promise<void> {
  if (!mayAsk(context)) throw new CommandError({ code: 'wrong-use', ...refusal });
  if (await askUser(question, context)) return;
  throw new CommandError({ code: 'cancelled', message: 'You did not say yes.' });
}

/** Whether the user can be asked. */
export function mayAsk({ stdin, output }: CommandContext): boolean {
  return stdin.isTTY === true && output.isTerminal && !output.isJson;
}

/** Asks whether to remove something. */
export function confirmRemoval(question: string, context: CommandContext): Promise<void> {
  return confirm(question, context, {
    message: 'The removal must be confirmed, and there is no terminal to ask on.',
    hint: 'To remove it without being asked, pass --yes.',
  });
}
