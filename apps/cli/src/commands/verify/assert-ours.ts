import type { App } from '@holdfast/composition';
import type { CommandContext } from '../../command/command-context.ts';
import { findOwner } from '../../command/find-owner.ts';
import { CommandError } from '../../failure/command-error.ts';

/**
 * Makes sure that a registry without any objects has no stores of another registry: it may have taken the place of a lost one,
 * and then nothing was verified.
 *
 * @throws CommandError `permission-denied` when a configured store belongs to another registry.
 */
export async function assertOurs(app: App, { loadConfiguration, signal }: CommandContext): Promise<void> {
  const { configuration } = await loadConfiguration();
  for (const name of Object.keys(configuration.stores)) {
    const owner = await findOwner(app, name, signal).catch(() => undefined);
    if (owner !== 'foreign') continue;
    throw new CommandError({
      code: 'permission-denied',
      outcome: 'Nothing was verified: the registry knows no objects.',
      message: `The store ${name} belongs to another registry.`,
      hint: `If that one is lost: holdfast registry rebuild ${name}, or holdfast restore FILE. If this one is a copy: holdfast registry adopt ${name}.`,
    });
  }
}
