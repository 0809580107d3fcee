import { StorageError } from '@holdfast/ports';
import { askUser } from '../../command/ask-user.ts';
import type { CommandContext } from '../../command/command-context.ts';
import { mayAsk } from '../../command/confirm.ts';
import type { Invocation } from '../../command/invocation.ts';

/**
 * Runs what may have to take the place of a lost registry: as the user said with `--yes`, or says when asked.
 * Where nobody can be asked, the refusal stands, and its hint names the way.
 */
export async function confirmTakeOver<T>(
  run: (mayTakeOver: boolean) => Promise<T>,
  { invocation, context }: { readonly invocation: Invocation; readonly context: CommandContext },
): Promise<T> {
  const isSaid = invocation.isSet('yes');
  try {
    return await run(isSaid);
  } catch (error) {
    if (isSaid || !mayBeAsked(error, context)) throw error;
    context.output.warn((error as StorageError).message);
    if (!(await askUser('Is that registry lost, and may this one take its place?', context))) throw error;
    return run(true);
  }
}

function mayBeAsked(error: unknown, context: CommandContext): boolean {
  return (
    mayAsk(context) &&
    StorageError.isInstance(error, 'permission-denied') &&
    error.hint?.includes('--yes') === true
  );
}
