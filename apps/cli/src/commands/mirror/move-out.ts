import type { App } from '@holdfast/composition';
import type { CommandContext } from '../../command/command-context.ts';
import { CommandError } from '../../failure/command-error.ts';
import { LateFailure } from '../../failure/late-failure.ts';
import { printCount } from '../../output/print-count.ts';

/**
 * Deletes from a store what a mirror has brought into another one: it is taken out of use meanwhile, so that nothing is saved
 * there that would be deleted, every copy elsewhere is read again, and then it takes objects again.
 */
export async function moveOut(
  app: App,
  { from, to }: { readonly from: string; readonly to: string },
  { output, signal }: CommandContext,
): Promise<void> {
  const service = await app.retirement();
  try {
    for await (const { key, outcome, reason } of service.retire(from, { to, signal })) {
      if (outcome === 'failed') throw unsafe(key, reason);
    }
    const count = await service.empty(from, { signal });
    await service.undo(from);
    const done = `${printCount(count, 'object')} deleted from ${from}; ${to} has them.`;
    output.say(`${output.messageStyle.good('✓')} ${done}`);
  } catch (error) {
    throw new LateFailure(
      `Everything was mirrored to ${to}, and not all was deleted from ${from}, which takes no more objects until ` +
        `holdfast store retire ${from} --undo. Start the same command again to go on.`,
      error,
    );
  }
}

function unsafe(key: string, reason = 'it cannot be read there'): CommandError {
  return new CommandError({
    code: 'precondition-failed',
    message: `${key} is safe nowhere else: ${reason}`,
    hint: 'Look at the other store: holdfast verify',
  });
}
