import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '@holdfast/composition';
import { isMissing } from '@holdfast/files';
import type { CommandContext } from '../../command/command-context.ts';

/**
 * Where a verification notes how far it is: beside the registry's file, where whoever may change the one may write
 * the other; for a registry on a server in the user's own folder, by the registry's id. Nowhere where nothing can be
 * written, or nothing lasts.
 */
export async function journalPathOf(
  databaseUrl: string,
  app: App,
  { environment }: Pick<CommandContext, 'environment'>,
): Promise<string | undefined> {
  if (databaseUrl.startsWith('postgres')) return journalPathOnServer(app, environment);
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1];
  if (path === undefined || path === ':memory:' || !isWritable(dirname(path))) return undefined;
  return `${path}.verification`;
}

/** A folder that is missing is made by the registry. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

async function journalPathOnServer(
  app: App,
  environment: CommandContext['environment'],
): Promise<string | undefined> {
  const { stateFolder } = await import('@holdfast/composition');
  const registry = await app.registry();
  const isThere = !(await registry.repositories.archive.isEmpty());
  if (!isThere) return undefined;
  const folder = join(stateFolder(environment), 'verification');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return join(folder, await registry.registryId());
  } catch {
    return undefined;
  }
}
